package io.coagateway.app;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * At most so many lines of one kind a second; the next one says how many were left out. What
 * strangers can cause must not fill a disk.
 *
 * <p>Not thread-safe: one for each kind and thread.
 */
final class LogLimit {
  private static final long SECOND = 1_000_000_000L;

  private final int perSecond;
  private final LongSupplier nanos;
  private long second = Long.MIN_VALUE;
  private int lines;
  private long leftOut;

  /**
   * @param perSecond lines a second, at least 1
   * @param nanos monotonic nanoseconds
   */
  LogLimit(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
  }

  /** Writes one line, or counts it; {@code line} gets what to append, often nothing. */
  void line(Consumer<String> line) {
    long now = Math.floorDiv(nanos.getAsLong(), SECOND);
    if (now != second) {
      second = now;
      lines = 0;
    }
    if (lines >= perSecond) {
      leftOut++;
      return;
    }
    lines++;
    String more = leftOut == 0 ? "" : " left-out=" + leftOut;
    leftOut = 0;
    line.accept(more);
  }
}
