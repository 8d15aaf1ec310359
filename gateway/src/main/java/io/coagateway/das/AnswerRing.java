package io.coagateway.das;

/**
 * The answers of {@link ReplayMemory}, one behind the other in a ring of octets of fixed size: new
 * ones overwrite the oldest. Each has its length before it, in two octets. Not thread-safe.
 */
final class AnswerRing {
  /** Holds no answer, ever. */
  static final long NOWHERE = Long.MIN_VALUE / 2;

  private static final int LENGTH_OCTETS = 2;

  private final byte[] octets;
  private long end;

  /**
   * @param size octets for answers and their lengths; more than the longest answer by two
   */
  AnswerRing(int size) {
    octets = new byte[size];
  }

  /**
   * Stores an answer.
   *
   * @param answer up to 65535 octets that fit into the ring
   * @return its place, for {@link #holds} and {@link #get}; 0 or more
   */
  long put(byte[] answer) {
    long place = end;
    octets[at(place)] = (byte) (answer.length >> 8);
    octets[at(place + 1)] = (byte) answer.length;
    int to = at(place + LENGTH_OCTETS);
    int first = Math.min(answer.length, octets.length - to);
    System.arraycopy(answer, 0, octets, to, first);
    System.arraycopy(answer, first, octets, 0, answer.length - first);
    end = place + LENGTH_OCTETS + answer.length;
    return place;
  }

  /** Whether the answer that was put there is there still; false for {@link #NOWHERE}. */
  boolean holds(long place) {
    return end - place <= octets.length;
  }

  /** A copy of the answer at a place that {@linkplain #holds holds} one. */
  byte[] get(long place) {
    int length = (octets[at(place)] & 0xff) << 8 | (octets[at(place + 1)] & 0xff);
    byte[] answer = new byte[length];
    int from = at(place + LENGTH_OCTETS);
    int first = Math.min(length, octets.length - from);
    System.arraycopy(octets, from, answer, 0, first);
    System.arraycopy(octets, 0, answer, first, length - first);
    return answer;
  }

  private int at(long position) {
    return (int) (position % octets.length);
  }
}
