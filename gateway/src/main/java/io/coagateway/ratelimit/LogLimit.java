package io.coagateway.ratelimit;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * At most so many lines of one kind a second; the next one says how many were left out. What
 * strangers can cause must not fill a disk. A second begins with the first line in it.
 *
 * <p>Cheaper than a {@link Limiter}, for it is asked most in a flood, and less strict: two seconds
 * that follow on each other may have their lines close together.
 *
 * <p>Not thread-safe: one for each kind and thread.
 */
public final class LogLimit {
  private static final long SECOND = 1_000_000_000L;

  private final int perSecond;
  private final LongSupplier nanos;
  private long start;
  private int lines; // since then; 0 only before the first
  private long leftOut;

  /**
   * @param perSecond lines a second, at least 1
   * @param nanos monotonic nanoseconds
   */
  public LogLimit(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
  }

  /** Writes one line, or counts it; {@code line} gets what to append, often nothing. */
  public void line(Consumer<String> line) {
    if (admits()) {
      long left = takeLeftOut();
      line.accept(left == 0 ? "" : " left-out=" + left);
    }
  }

  /** Whether a line may be written; if not, it counts as left out. */
  public boolean admits() {
    long now = nanos.getAsLong();
    if (lines == 0 || now - start >= SECOND) {
      start = now;
      lines = 0;
    }
    if (lines >= perSecond) {
      leftOut++;
      return false;
    }
    lines++;
    return true;
  }

  /** How many lines were left out since this was last asked. */
  public long takeLeftOut() {
    long left = leftOut;
    leftOut = 0;
    return left;
  }
}
