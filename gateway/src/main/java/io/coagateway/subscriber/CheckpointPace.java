package io.coagateway.subscriber;

/**
 * When the database's log is next moved into its file (a checkpoint), so that it stays short. Times
 * are in nanoseconds, from any origin. Not thread-safe.
 */
final class CheckpointPace {
  /** Each sync costs the disk something. */
  private static final long REST_NANOS = 250_000_000L;

  /** Of much at once everybody feels it. */
  private static final long SHORT_REST_NANOS = 100_000_000L;

  private static final long MUCH = 1000; // pages

  /**
   * Pages: 256 MiB. Beginning a log anew makes everybody wait for the disk; with a shorter one that
   * would be several times a second when tens of thousands of changes come in each.
   */
  private static final long LONG_LOG = 65_536;

  private long next;

  CheckpointPace(long now) {
    begun(now);
  }

  boolean isDue(long now) {
    return now - next > 0;
  }

  /** One begins; should it fail, the next one comes after the usual rest. */
  void begun(long now) {
    next = now + REST_NANOS;
  }

  /**
   * One has ended.
   *
   * @param pages how many the log had
   */
  void done(long now, long pages) {
    next = now + (pages > MUCH ? SHORT_REST_NANOS : REST_NANOS);
  }

  /** Whether the log had better begin anew, with so many pages. */
  static boolean isLong(long pages) {
    return pages > LONG_LOG;
  }
}
