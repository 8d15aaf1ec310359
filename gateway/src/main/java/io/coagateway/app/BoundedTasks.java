package io.coagateway.app;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tasks that other threads have for an event loop: the loop's own queue knows no bound, and a loop
 * that is busy with requests must not collect them until the memory is full. For all threads.
 */
final class BoundedTasks {
  private final Executor loop;
  private final int limit;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param limit how many may wait for the loop, at least 1
   */
  BoundedTasks(Executor loop, int limit) {
    this.loop = loop;
    this.limit = limit;
  }

  /** Has the loop run {@code task}, unless too many wait; whether it will. */
  boolean offer(Runnable task) {
    if (waiting.incrementAndGet() > limit) {
      waiting.decrementAndGet();
      return false;
    }
    loop.execute(
        () -> {
          waiting.decrementAndGet();
          task.run();
        });
    return true;
  }
}
