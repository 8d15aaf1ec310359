package io.coagateway.subscriber;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;

/**
 * From 64-bit key hashes to slots, many slots for one hash, six octets an entry: open addressing
 * with linear probing, in 4096 segments that grow by an eighth, each by itself, so that little room
 * is empty and growing never needs twice the memory.
 *
 * <p>Twelve bits of the hash choose the segment; an entry holds sixteen more (the tag, which also
 * decides its place) and the slot. Two hashes that agree in these 28 bits look the same here, so
 * who reads compares the records. A hash with more slots than the table keeps (a NAS-Port-Type, the
 * one Called-Station-Id of a whole NAS) selects nothing: it is remembered as common, its slots are
 * not, and with it every hash that looks the same.
 *
 * <p>One thread writes at a time; all may read, without a lock while nobody writes.
 */
final class KeyTable {
  private static final int SEGMENT_BITS = 12;
  private static final int TAG_BITS = 16;
  private static final long TAG = (1L << TAG_BITS) - 1;

  /** The bits of a hash that tell it from others. */
  static final long TOLD_APART = TAG | -1L << (Long.SIZE - SEGMENT_BITS);

  private final Segment[] segments = new Segment[1 << SEGMENT_BITS];
  private final Set<Long> common = ConcurrentHashMap.newKeySet();
  private final int mostSame;

  /**
   * @param mostSame more slots than this for one hash are not kept
   */
  KeyTable(int mostSame) {
    this.mostSame = mostSame;
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new Segment();
    }
  }

  private boolean isCommon(long hash) {
    return !common.isEmpty() && common.contains(hash & TOLD_APART);
  }

  /**
   * The slots of {@code hash}, and with small probability some of others; in no order. Null when so
   * many records have this key that the database must decide.
   */
  int[] slots(long hash) {
    int[] slots = segment(hash).slots(tag(hash));
    return isCommon(hash) ? null : slots; // asked last: some may have been taken away meanwhile
  }

  void add(long hash, int slot) {
    if (isCommon(hash)) {
      return;
    }
    Segment segment = segment(hash);
    if (segment.slots(tag(hash)).length >= mostSame) {
      common.add(hash & TOLD_APART);
      segment.removeAll(tag(hash));
      return;
    }
    segment.add(tag(hash), slot);
  }

  void remove(long hash, int slot) {
    segment(hash).remove(tag(hash), slot);
  }

  long size() {
    long size = 0;
    for (Segment segment : segments) {
      size += segment.size();
    }
    return size;
  }

  private Segment segment(long hash) {
    return segments[(int) (hash >>> (Long.SIZE - SEGMENT_BITS))];
  }

  private static char tag(long hash) {
    return (char) (hash & TAG);
  }

  /** One open-addressing table. */
  private static final class Segment {
    private static final int[] NO_SLOTS = new int[0];
    private static final int FIRST_LENGTH = 8;
    private static final Entries NONE = new Entries(1);

    private final StampedLock lock = new StampedLock();
    private volatile Entries entries = NONE;
    private int used; // guarded by lock

    /** A tag and its slot plus one, or 0 for a free place. */
    private static final class Entries {
      private final char[] tags;
      private final int[] slots;

      Entries(int length) {
        tags = new char[length];
        slots = new int[length];
      }

      int length() {
        return slots.length;
      }

      int home(char tag) {
        return (int) (((long) tag * slots.length) >>> TAG_BITS);
      }

      int next(int at) {
        return at + 1 == slots.length ? 0 : at + 1;
      }

      /** How far {@code to} is behind {@code from}. */
      int distance(int from, int to) {
        return to >= from ? to - from : to - from + slots.length;
      }

      void place(char tag, int slotPlusOne) {
        int at = home(tag);
        while (slots[at] != 0) {
          at = next(at);
        }
        tags[at] = tag;
        slots[at] = slotPlusOne;
      }

      /** Moves later entries of the run back, so that no probe stops early at the hole. */
      void free(int hole) {
        int gap = hole;
        for (int at = next(hole); slots[at] != 0; at = next(at)) {
          if (distance(home(tags[at]), at) >= distance(gap, at)) {
            tags[gap] = tags[at];
            slots[gap] = slots[at];
            gap = at;
          }
        }
        slots[gap] = 0;
      }
    }

    int[] slots(char tag) {
      long stamp = lock.tryOptimisticRead();
      if (stamp != 0) {
        int[] found = collect(tag);
        if (lock.validate(stamp)) {
          return found;
        }
      }
      stamp = lock.readLock();
      try {
        return collect(tag);
      } finally {
        lock.unlockRead(stamp);
      }
    }

    private int[] collect(char tag) {
      Entries now = entries;
      int length = now.length();
      int[] found = NO_SLOTS;
      int count = 0;
      int at = now.home(tag);
      for (int probed = 0; probed < length; probed++, at = now.next(at)) {
        int slotPlusOne = now.slots[at]; // once: somebody may be writing, see slots()
        if (slotPlusOne == 0) {
          break;
        }
        if (now.tags[at] == tag) {
          if (count == found.length) {
            found = Arrays.copyOf(found, count == 0 ? 1 : count * 2);
          }
          found[count++] = slotPlusOne - 1;
        }
      }
      return count == found.length ? found : Arrays.copyOf(found, count);
    }

    int size() {
      long stamp = lock.readLock();
      try {
        return used;
      } finally {
        lock.unlockRead(stamp);
      }
    }

    void add(char tag, int slot) {
      long stamp = lock.writeLock();
      try {
        if ((used + 1) * 8L > entries.length() * 7L) {
          grow();
        }
        entries.place(tag, slot + 1);
        used++;
      } finally {
        lock.unlockWrite(stamp);
      }
    }

    private void grow() {
      Entries old = entries;
      int length = Math.max(FIRST_LENGTH, old.length() + old.length() / 8);
      Entries larger = new Entries(length);
      for (int at = 0; at < old.length(); at++) {
        if (old.slots[at] != 0) {
          larger.place(old.tags[at], old.slots[at]);
        }
      }
      entries = larger;
    }

    void removeAll(char tag) {
      for (int slot : slots(tag)) {
        remove(tag, slot);
      }
    }

    void remove(char tag, int slot) {
      long stamp = lock.writeLock();
      try {
        Entries now = entries;
        for (int at = now.home(tag); now.slots[at] != 0; at = now.next(at)) {
          if (now.slots[at] == slot + 1 && now.tags[at] == tag) {
            now.free(at);
            used--;
            return;
          }
        }
      } finally {
        lock.unlockWrite(stamp);
      }
    }
  }
}
