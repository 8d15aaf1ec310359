package io.coagateway.time;

/**
 * Monotonic time and one-shot timers of one event loop. A timer fires on the thread that owns the
 * state it was started for, so what it touches needs no lock.
 */
public interface Timers {
  /** Monotonic nanoseconds. Only differences mean anything. */
  long nanos();

  /**
   * Runs {@code action} once, {@code delayNanos} from now, on the owner's thread. A delay of zero
   * or less fires as soon as the current work is done, never within this call.
   */
  Timer after(long delayNanos, Runnable action);

  /** One timer that was started. */
  interface Timer {
    /** Never fires after this, unless it has already. Cancelling twice is harmless. */
    void cancel();
  }
}
