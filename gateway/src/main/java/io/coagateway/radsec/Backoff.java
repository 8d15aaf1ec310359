package io.coagateway.radsec;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before connecting again: {@value #FIRST_SECONDS} s, then twice as long each
 * time, up to {@value #MOST_SECONDS} s, each by up to a tenth more or less, so that many gateways
 * do not come back to a restarted server together (as RFC 5080 section 2.2.1 has it for packets).
 * Never gives up.
 */
final class Backoff {
  private static final long FIRST_SECONDS = 1;
  private static final long MOST_SECONDS = 60;
  private static final double JITTER = 0.1;

  private final RandomGenerator random;
  private long seconds = FIRST_SECONDS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next wait. */
  Duration next() {
    double jitter = 1 + random.nextDouble(-JITTER, JITTER);
    Duration wait = Duration.ofNanos((long) (Duration.ofSeconds(seconds).toNanos() * jitter));
    seconds = Math.min(MOST_SECONDS, 2 * seconds);
    return wait;
  }

  /** It worked: the next wait is the first again. */
  void reset() {
    seconds = FIRST_SECONDS;
  }
}
