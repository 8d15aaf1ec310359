package io.coagateway.ratelimit;

/**
 * Says whether something may happen now, and if not, how long to wait before asking again. It never
 * blocks and never starts a timer: whoever asks holds the loop and the clock. Not thread-safe; one
 * event loop owns one limiter.
 */
public interface Limiter {
  /** What {@link #tryAcquire} returns when the permits were granted. */
  long GRANTED = 0;

  /**
   * Takes {@code permits} at once, or none.
   *
   * @param permits how many, at least 1
   * @param nowNanos monotonic nanoseconds, never less than at the last call
   * @return {@link #GRANTED}, or a positive number of nanoseconds after which asking again makes
   *     sense. Nothing is reserved for the asker meanwhile.
   */
  long tryAcquire(int permits, long nowNanos);

  /**
   * What was granted by the last calls has happened by now, and perhaps only now: whoever was
   * granted something may be kept from doing it, by the garbage collector or a busy machine, and a
   * second in which it happens must not be fuller for that. Permits whose use is not reported count
   * from when they were granted.
   *
   * @param nowNanos monotonic nanoseconds, read after what was granted was done
   */
  default void happened(long nowNanos) {}

  /** A limiter that keeps {@code limit}. */
  static Limiter of(RateLimit limit) {
    return new SlidingSecondLimiter(limit);
  }

  /** A limiter that always grants. */
  static Limiter unlimited() {
    return (permits, nowNanos) -> GRANTED;
  }
}
