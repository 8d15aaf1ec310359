package io.coagateway.learn;

import io.coagateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * The time by which leases are over: the wall clock's, unless it has leapt forward. A step of a day
 * would otherwise end every lease, and take the subscribers out of the table with all that was
 * changed for them. After a leap leases are judged by the time as it would have become without it;
 * when the clock leaps back all is as it was, and after {@link #BELIEVED_AFTER} the new time is
 * believed: by then every client that is still there has renewed under it.
 *
 * <p>Ask it often: only between two questions can it tell a leap from time that passed.
 */
final class LeaseClock {
  /** Less than that is no leap: leases end as much too early. */
  static final Duration LEAP = Duration.ofMinutes(1);

  /** How long the clock has to correct it. */
  static final Duration BELIEVED_AFTER = Duration.ofDays(1);

  private final InstantSource wall;
  private final Timers timers;
  private final Consumer<Duration> onLeap;
  private Instant lastWall;
  private long lastNanos;
  private Duration ahead = Duration.ZERO; // of the time as it would have become
  private long leaptAt;

  /**
   * @param timers say how much time passed
   * @param onLeap told by how much the clock leapt; negative: back
   */
  LeaseClock(InstantSource wall, Timers timers, Consumer<Duration> onLeap) {
    this.wall = wall;
    this.timers = timers;
    this.onLeap = onLeap;
    this.lastWall = wall.instant();
    this.lastNanos = timers.nanos();
  }

  /** What leases are judged by now. */
  Instant now() {
    Instant shown = wall.instant();
    long nanos = timers.nanos();
    Duration leap = Duration.between(lastWall, shown).minusNanos(nanos - lastNanos);
    lastWall = shown;
    lastNanos = nanos;
    if (leap.abs().compareTo(LEAP) > 0) {
      Duration next = ahead.plus(leap);
      ahead = next.compareTo(LEAP) > 0 ? next : Duration.ZERO;
      leaptAt = nanos;
      onLeap.accept(leap);
    } else if (nanos - leaptAt >= BELIEVED_AFTER.toNanos()) {
      ahead = Duration.ZERO;
    }
    return shown.minus(ahead);
  }
}
