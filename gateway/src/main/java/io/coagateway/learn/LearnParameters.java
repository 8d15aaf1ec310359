package io.coagateway.learn;

import java.time.Duration;

/**
 * How much is remembered while learning.
 *
 * @param openRequests requests that may wait for their REPLY at once; of more, the oldest are
 *     forgotten. 1 to 1048576
 * @param requestMemory how long a request waits for its REPLY, more than zero
 * @param copyWindow within which the same REPLY again is a copy of the packet and not a new answer,
 *     more than zero
 */
public record LearnParameters(int openRequests, Duration requestMemory, Duration copyWindow) {
  /** 16384 requests wait for up to a minute; what comes again within a second is a copy. */
  public static final LearnParameters DEFAULT =
      new LearnParameters(16_384, Duration.ofMinutes(1), Duration.ofSeconds(1));

  /** Refuses what is out of range, naming it. */
  public LearnParameters {
    if (openRequests < 1 || openRequests > 1 << 20) {
      throw new IllegalArgumentException("openRequests " + openRequests + " is not 1 to 1048576");
    }
    if (requestMemory.compareTo(Duration.ZERO) <= 0 || copyWindow.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException("requestMemory and copyWindow must be more than zero");
    }
  }
}
