package io.coagateway.simulator;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The replay detection of all that one server authenticates (RFC 8415 section 20.3): NTP time, and
 * always above the last. It is a number of 64 bits without sign, and has had the highest of them
 * set since 1968.
 */
final class ReplayDetection {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** Seconds from the start of NTP time, 1900, to that of Unix time. */
  private static final long NTP_OFFSET = 2_208_988_800L;

  private final InstantSource clock;
  private long last;

  ReplayDetection(InstantSource clock) {
    this.clock = clock;
  }

  /** For the next message. */
  long next() {
    long now = ntp(clock.instant());
    last = Long.compareUnsigned(now, last) > 0 ? now : last + 1;
    return last;
  }

  static long ntp(Instant instant) {
    long fraction = ((long) instant.getNano() << 32) / SECOND_NANOS;
    return (instant.getEpochSecond() + NTP_OFFSET) << 32 | fraction;
  }
}
