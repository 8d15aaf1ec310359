package io.coagateway.app;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * Writes lines to a stream from a thread of its own, many at once: who logs copies octets and goes
 * on, however slow the stream's reader is.
 *
 * <p>Bound: {@code capacity} octets wait, twice as many with those being written. A line that finds
 * no room is dropped and counted. A line waits {@value #GATHER_MILLIS} ms at most before it is
 * written; a process that is killed loses that much. Once closed, lines are written at once by whom
 * they come from, so that nothing is lost on the way down.
 */
final class GatheredOutput extends OutputStream {
  private static final long GATHER_MILLIS = 5;
  private static final long DRAIN_SECONDS = 2;

  private final OutputStream target;
  private final LongConsumer onDropped;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private byte[] filling;
  private byte[] spare;
  private int filled;
  private long dropped;
  private boolean writing;
  private boolean closed;

  /**
   * @param target where the octets go; never closed
   * @param capacity octets
   * @param onDropped told on the writing thread how many lines found no room since it was last told
   */
  GatheredOutput(OutputStream target, int capacity, LongConsumer onDropped) {
    this.target = target;
    this.onDropped = onDropped;
    this.filling = new byte[capacity];
    this.spare = new byte[capacity];
  }

  /** Starts the thread that writes. */
  GatheredOutput start() {
    Thread thread = new Thread(this::run, "log-writer");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  /** Takes one line, or leaves all of it out. */
  @Override
  public void write(byte[] octets, int from, int count) throws IOException {
    lock.lock();
    try {
      if (closed) {
        target.write(octets, from, count);
        target.flush();
      } else if (count > filling.length - filled) {
        dropped++;
      } else {
        System.arraycopy(octets, from, filling, filled, count);
        filled += count;
        if (filled == count) {
          changed.signalAll(); // the first one; the others go along
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The thread writes by itself; what waits need not be pushed. */
  @Override
  public void flush() {}

  /**
   * Writes what waits, and what comes from now on at once. A reader that takes nothing for {@value
   * #DRAIN_SECONDS} s is not waited for any longer: what waits is lost then.
   */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      long patience = TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
      while (writing && patience > 0) {
        patience = changed.awaitNanos(patience);
      }
      closed = true;
      changed.signalAll();
      if (!writing) {
        target.write(filling, 0, filled);
        target.flush();
      }
      filled = 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitFirst()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS)); // more come
      long lost = writeWaiting();
      if (lost > 0) {
        onDropped.accept(lost);
      }
    }
  }

  private boolean awaitFirst() {
    lock.lock();
    try {
      while (filled == 0 && !closed) {
        changed.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private long writeWaiting() {
    byte[] octets;
    int count;
    long lost;
    lock.lock();
    try {
      octets = filling;
      count = filled;
      lost = dropped;
      filling = spare;
      spare = octets;
      filled = 0;
      dropped = 0;
      writing = true;
    } finally {
      lock.unlock();
    }
    try {
      target.write(octets, 0, count);
      target.flush();
    } catch (IOException e) {
      lost++; // nobody reads the log: there is no better place to say so
    } finally {
      lock.lock();
      try {
        writing = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
    return lost;
  }
}
