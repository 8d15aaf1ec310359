package io.coagateway.dac;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When a request is repeated and when it is given up (RFC 5080 section 2.2.1).
 *
 * @param irt the first wait, more than zero
 * @param mrt the longest wait; zero: no cap
 * @param mrc how many transmissions at most, the first included; zero: no limit
 * @param mrd how long at most from the first transmission, more than zero
 */
public record Retransmission(Duration irt, Duration mrt, int mrc, Duration mrd) {
  /** IRT 2 s, MRT 16 s, MRC 5, MRD 30 s: sent at about 0, 2, 6 and 14 s. */
  public static final Retransmission RFC_5080 =
      new Retransmission(Duration.ofSeconds(2), Duration.ofSeconds(16), 5, Duration.ofSeconds(30));

  /** Refuses what would never end. */
  public Retransmission {
    if (irt.isNegative() || irt.isZero() || mrd.isNegative() || mrd.isZero()) {
      throw new IllegalArgumentException("irt " + irt + " and mrd " + mrd + " must be above zero");
    }
    if (mrt.isNegative() || mrc < 0) {
      throw new IllegalArgumentException(
          "mrt " + mrt + " and mrc " + mrc + " must not be negative");
    }
  }

  /**
   * The wait after one more transmission.
   *
   * @param previousNanos the wait before; 0 after the first transmission
   * @param rand each value in [-0.1, +0.1], new for every computation
   */
  long waitAfter(long previousNanos, DoubleSupplier rand) {
    double rt =
        previousNanos == 0
            ? irt.toNanos() * (1 + rand.getAsDouble()) // RT = IRT + RAND*IRT
            : previousNanos * (2 + rand.getAsDouble()); // RT = 2*RTprev + RAND*RTprev
    boolean overCap = !mrt.isZero() && rt > mrt.toNanos();
    return (long) (overCap ? mrt.toNanos() * (1 + rand.getAsDouble()) : rt);
  }

  /** Whether {@code transmissions} are all that may be made. */
  boolean isExhausted(int transmissions) {
    return mrc != 0 && transmissions >= mrc;
  }
}
