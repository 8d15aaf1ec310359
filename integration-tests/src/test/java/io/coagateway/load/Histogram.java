package io.coagateway.load;

/**
 * Latencies in buckets that are at most 1/64 wide of their own value, from 1 ns to about 18
 * minutes. Recording allocates nothing.
 */
final class Histogram {
  private static final int BITS = 6;
  private final long[] buckets = new long[(41 - BITS) << BITS];
  private long count;

  /** Counts one latency in nanoseconds. */
  void record(long nanos) {
    buckets[Math.min(index(Math.max(1, nanos)), buckets.length - 1)]++;
    count++;
  }

  /** How many were counted. */
  long count() {
    return count;
  }

  /** The latency in milliseconds below which a share (0 to 1) of all lie; 0 without any. */
  double percentile(double share) {
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= wanted && seen > 0) {
        return upperBound(i) / 1e6;
      }
    }
    return 0;
  }

  private static int index(long nanos) {
    int magnitude = 63 - Long.numberOfLeadingZeros(nanos);
    if (magnitude < BITS) {
      return (int) nanos;
    }
    int shift = magnitude - BITS;
    return ((shift + 1) << BITS) + ((int) (nanos >> shift)) - (1 << BITS);
  }

  private static double upperBound(int index) {
    int shift = (index >> BITS) - 1;
    if (shift < 0) {
      return index;
    }
    return (double) ((long) ((index & ((1 << BITS) - 1)) + (1 << BITS) + 1) << shift) - 1;
  }
}
