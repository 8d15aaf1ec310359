package io.coagateway.time;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** {@link Timers} on a single-threaded executor; every Netty event loop is one. */
public final class ExecutorTimers implements Timers {
  private final ScheduledExecutorService loop;

  /**
   * @param loop runs the actions; must be single-threaded
   */
  public ExecutorTimers(ScheduledExecutorService loop) {
    this.loop = loop;
  }

  @Override
  public long nanos() {
    return MonotonicClock.nanos();
  }

  @Override
  public Timer after(long delayNanos, Runnable action) {
    Future<?> future = loop.schedule(action, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }
}
