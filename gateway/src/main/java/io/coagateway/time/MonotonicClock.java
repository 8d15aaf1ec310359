package io.coagateway.time;

/** Monotonic time for code that starts no timers. */
public final class MonotonicClock {
  private MonotonicClock() {}

  /** Monotonic nanoseconds. Only differences mean anything. */
  public static long nanos() {
    return System.nanoTime();
  }
}
