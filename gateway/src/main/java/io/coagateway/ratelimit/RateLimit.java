package io.coagateway.ratelimit;

/**
 * How many are allowed.
 *
 * @param perSecond the most in any sliding second, 1 to 1,000,000
 * @param burst the most within one hundredth of a second, 1 to {@code perSecond}: how steep a burst
 *     may be while the second's budget lasts
 */
public record RateLimit(int perSecond, int burst) {
  /** The highest limit that can be set. */
  public static final int MAX_PER_SECOND = 1_000_000;

  private static final int READ_BURST = 16;

  /** Refuses numbers out of range. */
  public RateLimit {
    if (perSecond < 1 || perSecond > MAX_PER_SECOND) {
      throw new IllegalArgumentException(
          "rate " + perSecond + "/s is not 1/s to " + MAX_PER_SECOND + "/s");
    }
    if (burst < 1 || burst > perSecond) {
      throw new IllegalArgumentException("burst " + burst + " is not 1 to " + perSecond);
    }
  }

  /** The whole second's budget may be used in one burst. */
  public static RateLimit perSecond(int perSecond) {
    return new RateLimit(perSecond, perSecond);
  }

  /**
   * At most a tenth of the second's budget in a hundredth of a second, but a read burst's worth in
   * any case, so that who is not loaded sends at once.
   */
  public RateLimit smoothed() {
    return new RateLimit(perSecond, Math.min(perSecond, Math.max(READ_BURST, perSecond / 10)));
  }

  /**
   * A rate like {@code 100/s}.
   *
   * @throws IllegalArgumentException with the text in quotes and an example
   */
  public static RateLimit parse(String text) {
    String trimmed = text.strip();
    if (trimmed.endsWith("/s")) {
      try {
        return perSecond(Integer.parseInt(trimmed.substring(0, trimmed.length() - 2).strip()));
      } catch (NumberFormatException e) {
        // said below, with the whole text
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not a rate. Give a whole number per second, like 100/s");
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return perSecond + "/s";
  }
}
