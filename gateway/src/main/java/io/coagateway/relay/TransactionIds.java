package io.coagateway.relay;

import java.util.random.RandomGenerator;

/**
 * The transaction ids of one server: a counter with a random start, sent through a permutation of
 * the 24-bit numbers that depends on a random key. So an id cannot be guessed from the ones before
 * (RFC 8415 section 16.1: SHOULD be unpredictable), and none comes back before 16,777,216 others
 * were used. Plain random ids would collide within seconds at the rates we serve.
 *
 * <p>The permutation is a Feistel network over two halves of 12 bits; that the rounds can be walked
 * backwards also tells an id that was once issued from one that never was.
 */
final class TransactionIds {
  /** How many ids there are. */
  static final int SPACE = 1 << 24;

  private static final int ROUNDS = 8;
  private static final int HALF_BITS = 12;
  private static final int HALF_MASK = (1 << HALF_BITS) - 1;

  private final long[] keys = new long[ROUNDS];
  private final int start;
  private long issued;

  /**
   * @param random the source of key and start; a secure one outside tests
   */
  TransactionIds(RandomGenerator random) {
    for (int i = 0; i < ROUNDS; i++) {
      keys[i] = random.nextLong();
    }
    start = random.nextInt(SPACE);
  }

  /** A new id, 0 to 16777215. */
  int next() {
    return permute((int) ((start + issued++) & (SPACE - 1)));
  }

  /**
   * Whether {@code id} is among the last {@code count} issued, counting back from the newest.
   *
   * @param count at most {@link #SPACE}
   */
  boolean wasIssued(int id, int count) {
    long age = (start + issued - 1 - invert(id)) & (SPACE - 1);
    return age < Math.min(issued, count);
  }

  private int permute(int value) {
    int left = value >>> HALF_BITS;
    int right = value & HALF_MASK;
    for (int round = 0; round < ROUNDS; round++) {
      int next = left ^ scramble(right, keys[round]);
      left = right;
      right = next;
    }
    return left << HALF_BITS | right;
  }

  private int invert(int value) {
    int left = value >>> HALF_BITS;
    int right = value & HALF_MASK;
    for (int round = ROUNDS - 1; round >= 0; round--) {
      int previous = right ^ scramble(left, keys[round]);
      right = left;
      left = previous;
    }
    return left << HALF_BITS | right;
  }

  /** Twelve bits that depend on every bit of half and key (the finalizer of splitmix64). */
  private static int scramble(int half, long key) {
    long z = key + half * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return (int) ((z ^ (z >>> 31)) & HALF_MASK);
  }
}
