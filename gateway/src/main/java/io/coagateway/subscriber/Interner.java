package io.coagateway.subscriber;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Small numbers for values that many records share (a NAS name, a server's DUID, a link), so that a
 * compact record holds two octets instead of sixteen. Grows up to its bound and never shrinks;
 * beyond the bound a value has no number. One thread adds at a time, all may read.
 */
final class Interner<T> {
  private final int bound;
  private final ConcurrentHashMap<T, Integer> numbers = new ConcurrentHashMap<>();
  private volatile Object[] values = new Object[16];
  private int used;

  /**
   * @param bound how many values get a number
   */
  Interner(int bound) {
    this.bound = bound;
  }

  /** The number of {@code value}, 1 or more; 0 when the bound is reached. */
  int numberOf(T value) {
    Integer known = numbers.get(value);
    return known != null ? known : add(value);
  }

  private synchronized int add(T value) {
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    if (used >= bound) {
      return 0;
    }
    Object[] room = values;
    if (used + 1 >= room.length) {
      room = java.util.Arrays.copyOf(room, room.length * 2);
    }
    room[++used] = value;
    values = room;
    numbers.put(value, used);
    return used;
  }

  /** The value that was given {@code number}. */
  @SuppressWarnings("unchecked") // only add() writes, and it takes a T
  T value(int number) {
    return (T) values[number];
  }
}
