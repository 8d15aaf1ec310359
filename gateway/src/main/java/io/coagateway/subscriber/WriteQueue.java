package io.coagateway.subscriber;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests on their way from the callers' loop to the writer thread, in their order.
 *
 * <p>What one task of the loop asks for is handed over together behind that task, or {@link #MANY}
 * when it asks for more: the thread would otherwise wake for the first request of a burst and spend
 * a transaction on it alone, and with a long burst given only at its end loop and thread would take
 * turns in waiting for each other.
 *
 * <p>A request that nobody waits for does not wake a thread that has been at work a moment ago: it
 * goes along with the next that somebody waits for, into one transaction instead of two.
 */
final class WriteQueue {
  /** What became of a request. */
  enum Admission {
    ADDED,
    /** Too many wait. */
    FULL,
    CLOSED
  }

  private static final int MANY = 16;
  private static final int MOST = 2048; // given at once
  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long IDLE = TimeUnit.MILLISECONDS.toNanos(100);

  private final Executor loop;
  private final int limit;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readiness = lock.newCondition();
  // all guarded by lock
  private final ArrayDeque<WriteJob<?>> waiting = new ArrayDeque<>();
  private int refusable; // of them, those that count for the limit
  private int awaited; // of them, those that somebody waits for
  private boolean ready; // for the thread to take
  private boolean announced; // behind the loop's task they will be
  private boolean busy; // the thread has been at work a moment ago
  private boolean closed;

  /**
   * @param loop runs the callers' tasks
   * @param limit of requests that wait and may be refused
   */
  WriteQueue(Executor loop, int limit) {
    this.loop = loop;
    this.limit = limit;
  }

  /** Takes a request; one that may be refused is, when too many wait. */
  Admission add(WriteJob<?> job) {
    boolean announce;
    lock.lock();
    try {
      if (closed) {
        return Admission.CLOSED;
      }
      if (job.mayBeRefused() && refusable >= limit) {
        return Admission.FULL;
      }
      waiting.add(job);
      refusable += job.mayBeRefused() ? 1 : 0;
      awaited += job.isAwaited() ? 1 : 0;
      if (awaited >= MANY) {
        giveOver();
      }
      announce = !ready && !announced && (job.isAwaited() || !busy);
      announced |= announce;
    } finally {
      lock.unlock();
    }
    if (announce) {
      try {
        loop.execute(this::onAnnounced);
      } catch (RejectedExecutionException e) {
        onAnnounced(); // the loop is gone, and nobody comes behind
      }
    }
    return Admission.ADDED;
  }

  private void onAnnounced() {
    lock.lock();
    try {
      announced = false;
      if (!waiting.isEmpty()) {
        giveOver();
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveOver() {
    ready = true;
    readiness.signal();
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #take} would give something at once. */
  boolean isReady() {
    lock.lock();
    try {
      return ready;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more requests; those that wait are still given. */
  void close() {
    lock.lock();
    try {
      closed = true;
      giveOver();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing waits, and nothing will. */
  boolean isDone() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Adds what is ready to {@code jobs}, after a while nothing. An interrupt closes the queue. */
  void take(List<WriteJob<?>> jobs) {
    lock.lock();
    try {
      if (busy && !waitReady(MOMENT)) {
        busy = false;
        if (!waiting.isEmpty() && !announced) {
          giveOver(); // nobody came whom they could have gone along with
        }
      }
      if (waitReady(IDLE)) {
        give(jobs);
      }
    } catch (InterruptedException e) {
      closed = true; // somebody wants this thread to end: what waits is still written
      give(jobs);
    } finally {
      lock.unlock();
    }
  }

  private boolean waitReady(long nanos) throws InterruptedException {
    long left = nanos;
    while (!ready && left > 0) {
      left = readiness.awaitNanos(left);
    }
    return ready;
  }

  private void give(List<WriteJob<?>> jobs) {
    for (int i = 0; i < MOST && !waiting.isEmpty(); i++) {
      WriteJob<?> job = waiting.remove();
      refusable -= job.mayBeRefused() ? 1 : 0;
      awaited -= job.isAwaited() ? 1 : 0;
      jobs.add(job);
    }
    ready = closed || !waiting.isEmpty();
    busy = true;
  }
}
