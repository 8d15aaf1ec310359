package io.coagateway.relay;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The four parameters of RFC 8415 section 15 (RFC 3315 section 14) and the arithmetic they feed.
 * Pure: no clock, no timer, no socket.
 *
 * @param irt initial retransmission time, more than zero
 * @param mrt maximum retransmission time; zero: no cap
 * @param mrc maximum count of transmissions, the first included; zero: no limit
 * @param mrd maximum duration from the first transmission; zero: no limit
 */
public record RetransmissionParameters(Duration irt, Duration mrt, int mrc, Duration mrd) {
  /** RECONFIGURE-REQUEST: RFC 6977 section 6.3. */
  public static final RetransmissionParameters RECONFIGURE_REQUEST =
      new RetransmissionParameters(Duration.ofSeconds(1), Duration.ofSeconds(10), 5, Duration.ZERO);

  /**
   * The release request and RELEASE: REL_TIMEOUT and REL_MAX_RC of RFC 8415 section 7.6. The draft
   * cites RFC 3315, where REL_MAX_RC is 5; 4 ends within the patience of a RADIUS client.
   */
  public static final RetransmissionParameters RELEASE =
      new RetransmissionParameters(Duration.ofSeconds(1), Duration.ZERO, 4, Duration.ZERO);

  /** Refuses what would never end or never start. */
  public RetransmissionParameters {
    if (irt.isNegative() || irt.isZero()) {
      throw new IllegalArgumentException("irt " + irt + " is not more than zero");
    }
    if (mrt.isNegative() || mrd.isNegative() || mrc < 0) {
      throw new IllegalArgumentException("mrt, mrc and mrd must not be negative");
    }
    if (mrc == 0 && mrd.isZero()) {
      throw new IllegalArgumentException("with mrc 0 and mrd 0 an exchange would never fail");
    }
  }

  /**
   * How long to wait for an answer to the transmission that was just made.
   *
   * @param previousNanos the wait before, or 0 after the first transmission
   * @param rand drawn once or twice; each value in [-0.1, +0.1], new for every computation
   * @return RT in nanoseconds
   */
  public long waitAfter(long previousNanos, DoubleSupplier rand) {
    long rt =
        previousNanos == 0
            ? scale(irt.toNanos(), 1 + rand.getAsDouble()) // RT = IRT + RAND*IRT
            : scale(previousNanos, 2 + rand.getAsDouble()); // RT = 2*RTprev + RAND*RTprev
    boolean overCap = !mrt.isZero() && rt > mrt.toNanos();
    return overCap ? scale(mrt.toNanos(), 1 + rand.getAsDouble()) : rt; // RT = MRT + RAND*MRT
  }

  /** Whether no further transmission is allowed once {@code transmissions} were made. */
  public boolean isExhausted(int transmissions) {
    return mrc != 0 && transmissions >= mrc;
  }

  /** Whether {@code elapsedNanos} after the first transmission the exchange has failed: MRD. */
  boolean isPastDuration(long elapsedNanos) {
    return !mrd.isZero() && elapsedNanos >= mrd.toNanos();
  }

  private static long scale(long nanos, double factor) {
    return (long) (nanos * factor);
  }
}
