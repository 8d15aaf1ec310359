package io.coagateway.metrics;

import io.coagateway.time.Timers;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late the event loop is: a timer every {@value #INTERVAL_MILLIS} ms, and the time by
 * which it fires too late. Every {@value #SAMPLE_EVERY}th also takes the samples that only the loop
 * may take.
 */
final class LoopMonitor {
  private static final long INTERVAL_MILLIS = 100;
  private static final int SAMPLE_EVERY = 10;

  private final Timers timers;
  private final Timer delay;
  private final Runnable sample;
  private Timers.Timer next = () -> {};
  private long due;
  private int ticks;

  /**
   * @param sample called on the loop once a second
   */
  LoopMonitor(Timers timers, Timer delay, Runnable sample) {
    this.timers = timers;
    this.delay = delay;
    this.sample = sample;
  }

  /** Starts; on the loop. */
  void start() {
    due = timers.nanos() + TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS);
    next = timers.after(TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS), this::tick);
  }

  private void tick() {
    delay.record(Math.max(0, timers.nanos() - due), TimeUnit.NANOSECONDS);
    if (++ticks % SAMPLE_EVERY == 0) {
      sample.run();
    }
    start();
  }

  /** Stops; on the loop. */
  void stop() {
    next.cancel();
  }
}
