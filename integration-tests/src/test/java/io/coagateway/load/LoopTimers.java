package io.coagateway.load;

import io.coagateway.time.Timers;
import java.util.ArrayDeque;
import java.util.Queue;

/** An event loop's timers for a benchmark: what is due at once runs with {@link #turn}. */
final class LoopTimers implements Timers {
  private final Queue<Runnable> due = new ArrayDeque<>();

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Timer after(long delayNanos, Runnable action) {
    if (delayNanos > 0) {
      return () -> {}; // the benchmarked exchanges end long before they would retransmit
    }
    due.add(action);
    return () -> due.remove(action);
  }

  /** Runs what has become due, and what becomes due meanwhile. */
  void turn() {
    for (Runnable next = due.poll(); next != null; next = due.poll()) {
      next.run();
    }
  }
}
