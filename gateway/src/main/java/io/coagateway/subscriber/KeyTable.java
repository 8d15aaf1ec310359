package io.coagateway.subscriber;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;

/**
 * From 64-bit key hashes to slots, many slots for one hash, eight octets an entry: open addressing
 * with linear probing, in 256 segments that grow one by one so that growing never needs twice the
 * memory.
 *
 * <p>An entry holds 32 bits of the hash (the tag, which also decides its place) and the slot. Two
 * hashes that agree in 40 bits look the same here, so who reads compares the records. A hash with
 * more than {@link #MAX_SAME} slots (a NAS-Port-Type, the one Called-Station-Id of a whole NAS)
 * selects nothing: it is remembered as common, its slots are not.
 *
 * <p>One thread writes at a time; all may read, without a lock while nobody writes.
 */
final class KeyTable {
  /** More slots than this for one hash are not kept. */
  static final int MAX_SAME = 128;

  private static final int SEGMENTS = 256;
  private static final long[] NONE = new long[8];

  private final Segment[] segments = new Segment[SEGMENTS];
  private final Set<Long> common = ConcurrentHashMap.newKeySet();

  KeyTable() {
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment();
    }
  }

  /** Whether so many records have this key that the database must decide. */
  boolean isCommon(long hash) {
    return !common.isEmpty() && common.contains(reduced(hash));
  }

  /** The slots of {@code hash}, and with small probability some of others; in no order. */
  int[] slots(long hash) {
    return segment(hash).slots((int) hash);
  }

  void add(long hash, int slot) {
    if (isCommon(hash)) {
      return;
    }
    Segment segment = segment(hash);
    if (segment.slots((int) hash).length >= MAX_SAME) {
      common.add(reduced(hash));
      segment.removeAll((int) hash);
      return;
    }
    segment.add((int) hash, slot);
  }

  void remove(long hash, int slot) {
    segment(hash).remove((int) hash, slot);
  }

  long size() {
    long size = 0;
    for (Segment segment : segments) {
      size += segment.size();
    }
    return size;
  }

  private Segment segment(long hash) {
    return segments[(int) (hash >>> 56)];
  }

  /** What {@link #slots} can tell apart: eight bits of the segment and the tag. */
  private static Long reduced(long hash) {
    return hash & 0xff00_0000_ffff_ffffL;
  }

  /** One open-addressing table; an entry is the tag above the slot plus one, 0 is free. */
  private static final class Segment {
    private static final int[] NO_SLOTS = new int[0];

    private final StampedLock lock = new StampedLock();
    private volatile long[] table = NONE;
    private int used; // guarded by lock

    int[] slots(int tag) {
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

    private int[] collect(int tag) {
      long[] entries = table;
      int mask = entries.length - 1;
      int[] found = NO_SLOTS;
      int count = 0;
      int at = tag & mask;
      for (int probed = 0; probed <= mask && entries[at] != 0; probed++, at = (at + 1) & mask) {
        if ((int) (entries[at] >>> 32) == tag) {
          if (count == found.length) {
            found = Arrays.copyOf(found, count == 0 ? 1 : count * 2);
          }
          found[count++] = (int) entries[at] - 1;
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

    void add(int tag, int slot) {
      long stamp = lock.writeLock();
      try {
        if ((used + 1) * 4 > table.length * 3 || table == NONE) {
          grow();
        }
        place(table, ((long) tag << 32) | (slot + 1));
        used++;
      } finally {
        lock.unlockWrite(stamp);
      }
    }

    private void grow() {
      long[] larger = new long[Math.max(16, table.length * 2)];
      for (long entry : table) {
        if (entry != 0) {
          place(larger, entry);
        }
      }
      table = larger;
    }

    private static void place(long[] entries, long entry) {
      int mask = entries.length - 1;
      int at = (int) (entry >>> 32) & mask;
      while (entries[at] != 0) {
        at = (at + 1) & mask;
      }
      entries[at] = entry;
    }

    void removeAll(int tag) {
      for (int slot : slots(tag)) {
        remove(tag, slot);
      }
    }

    void remove(int tag, int slot) {
      long stamp = lock.writeLock();
      try {
        long[] entries = table;
        int mask = entries.length - 1;
        long entry = ((long) tag << 32) | (slot + 1);
        for (int at = tag & mask; entries[at] != 0; at = (at + 1) & mask) {
          if (entries[at] == entry) {
            free(entries, at);
            used--;
            return;
          }
        }
      } finally {
        lock.unlockWrite(stamp);
      }
    }

    /** Moves later entries of the run back, so that no probe stops early at the hole. */
    private static void free(long[] entries, int hole) {
      int mask = entries.length - 1;
      int gap = hole;
      for (int at = (hole + 1) & mask; entries[at] != 0; at = (at + 1) & mask) {
        int home = (int) (entries[at] >>> 32) & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
          entries[gap] = entries[at];
          gap = at;
        }
      }
      entries[gap] = 0;
    }
  }
}
