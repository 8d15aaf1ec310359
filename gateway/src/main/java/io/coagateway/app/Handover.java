package io.coagateway.app;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The way from one event loop to another, in order. The receiving loop is woken for {@value #WORTH}
 * while the giver goes on with its burst, takes at most {@value #ROUND} at a time, and then looks
 * at its sockets: what it has made of one part is under way while it works on the next.
 *
 * <p>Bounded by those who give: see {@link BetweenLoops}.
 *
 * @param <T> what is handed over
 */
final class Handover<T> {
  /** So many are worth it to wake the other loop, while this one goes on with the burst. */
  static final int WORTH = 8;

  static final int ROUND = 64;

  private final EventLoop to;
  private final Consumer<T> taker;
  private final Runnable roundEnd;
  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicBoolean awake = new AtomicBoolean(); // a round is due
  private int unannounced; // on the giving loop

  /**
   * @param taker called on {@code to}
   * @param roundEnd called on {@code to} after those that were taken together
   */
  Handover(EventLoop to, Consumer<T> taker, Runnable roundEnd) {
    this.to = to;
    this.taker = taker;
    this.roundEnd = roundEnd;
  }

  /** On the giving loop, which calls {@link #announce} when its burst is over. */
  void give(T item) {
    size.incrementAndGet();
    waiting.add(item);
    if (++unannounced == WORTH) {
      announce();
    }
  }

  /** Has the other loop take what was given. */
  void announce() {
    unannounced = 0;
    if (!waiting.isEmpty() && awake.compareAndSet(false, true)) {
      to.execute(this::round);
    }
  }

  /** How many wait, with those of a round that has not ended. On any thread. */
  int size() {
    return size.get();
  }

  private void round() {
    int taken = 0;
    try {
      while (taken < ROUND) {
        T item = waiting.poll();
        if (item == null) {
          break;
        }
        taken++;
        taker.accept(item);
      }
    } finally {
      size.addAndGet(-taken);
      try {
        roundEnd.run();
      } finally {
        again();
      }
    }
  }

  private void again() {
    if (!waiting.isEmpty()) {
      // not at once: the loop would run it before it looks at its sockets
      Future<?> unused = to.schedule(() -> to.execute(this::round), 0, TimeUnit.NANOSECONDS);
      return;
    }
    awake.set(false);
    if (!waiting.isEmpty() && awake.compareAndSet(false, true)) { // given since
      to.execute(this::round);
    }
  }
}
