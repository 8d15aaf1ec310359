package io.coagateway.subscriber;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The octets of records, each by its slot, in a few large arrays (slabs) that live as long as the
 * table. An object for each record would cost the garbage collector more than all else that a
 * change leaves: it is copied twice before it counts as long-lived, and each collection looks
 * through the references around it.
 *
 * <p>Slabs are written like a log: a new state of a record goes behind what was written last, and
 * what stood there before is dead. When more than a ninth of all is dead, and some MiB, the slab
 * with the most dead is cleaned: what lives in it is written again behind the last, and it is
 * written anew.
 *
 * <p>One thread writes at a time. Reading takes no lock: it copies, and looks whether the record is
 * still where it was.
 */
final class RecordSlabs {
  /** Octets of a slab. A record of more than a quarter has one of its own. */
  static final int SLAB = 1 << 16;

  private static final int LONGEST = SLAB / 4;
  private static final int SPARE = 8; // empty slabs that are kept
  private static final int LIVE_TO_DEAD = 8;
  private static final int CHUNK = 4096;

  // an entry: its slot (4 octets), its length (2; 0: up to the slab's end), its octets
  private static final int LENGTH_AT = 4;
  private static final int HEAD = 6;
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.BIG_ENDIAN);

  // a location: a number that is another after each write (28 bits), slab (20), offset (16)
  private static final long NOWHERE = 0;
  private static final int OFFSET_BITS = 16;
  private static final int SLAB_BITS = 20;
  private static final int WRITE_BITS = 28;

  private static final int NONE = -1;

  private final long deadAtLeast;
  private volatile List<AtomicLongArray> locations = List.of();
  private volatile byte[][] slabs = new byte[16][];

  private int[] living = new int[16]; // octets alive of each slab; NONE: one record, or free
  private int[] written = new int[16]; // how far each is written, once another is open
  private int numbered; // slabs with a number, which may be free
  private final List<Integer> freeNumbers = new ArrayList<>();
  private final List<byte[]> spare = new ArrayList<>(SPARE);
  private int open = NONE; // the slab that is written
  private int openTo; // how far it is written
  private long alive; // octets of the full slabs, the open one left out
  private long dead; // likewise; what a slab's end has no room for is neither
  private long writes;

  /**
   * @param deadAtLeast octets that may be dead whatever the share: the larger the part that is
   *     dead, the less there is to write again
   */
  RecordSlabs(long deadAtLeast) {
    this.deadAtLeast = deadAtLeast;
  }

  /**
   * What stood in a slot a moment ago; for who writes: what stands there.
   *
   * @param location changes with each write of that slot
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares entries
  record Entry(int slot, long location, byte[] octets) {}

  /** What stands in {@code slot}; null for nothing. */
  Entry get(int slot) {
    while (true) {
      long location = location(slot);
      if (location == NOWHERE) {
        return null;
      }
      Entry entry = get(slot, location);
      if (entry != null) {
        return entry;
      }
    }
  }

  /** The same, or null when the slot was written since it was at {@code location}. */
  Entry get(int slot, long location) {
    if (location == NOWHERE || location(slot) != location) {
      return null;
    }
    int offset = offset(location);
    byte[] slab = slabs[slab(location)];
    int length = length(slab, offset);
    if (length < 0) {
      return null;
    }
    byte[] octets = Arrays.copyOfRange(slab, offset + HEAD, offset + HEAD + length);
    return isStill(slot, location) ? new Entry(slot, location, octets) : null;
  }

  /**
   * The first octets of what stands in {@code slot}, as many as there is room for.
   *
   * @return whether anything stands there
   */
  boolean copyHead(int slot, byte[] room) {
    while (true) {
      long location = location(slot);
      if (location == NOWHERE) {
        return false;
      }
      int offset = offset(location);
      byte[] slab = slabs[slab(location)];
      int length = Math.min(length(slab, offset), room.length);
      if (length >= 0) {
        System.arraycopy(slab, offset + HEAD, room, 0, length);
        if (isStill(slot, location)) {
          return true;
        }
      }
    }
  }

  /** Whether what was copied is what stood there, all of it. */
  private boolean isStill(int slot, long location) {
    VarHandle.acquireFence(); // what was copied was read before the location is
    return location(slot) == location;
  }

  /** Writes {@code octets}, at least one, for {@code slot}. */
  void put(int slot, byte[] octets) {
    makeSlot(slot);
    long before = location(slot);
    write(slot, octets, 0, octets.length);
    bury(before);
    clean();
  }

  /** Empties {@code slot}. */
  void remove(int slot) {
    long before = location(slot);
    setLocation(slot, NOWHERE);
    bury(before);
    clean();
  }

  /** Octets of all slabs. */
  long size() {
    long size = (long) spare.size() * SLAB;
    for (byte[] slab : slabs) {
      size += slab == null ? 0 : slab.length;
    }
    return size;
  }

  private void write(int slot, byte[] from, int at, int length) {
    VarHandle.releaseFence(); // whoever sees these octets sees that what was here is elsewhere
    if (length > LONGEST) {
      byte[] own = new byte[HEAD + length];
      System.arraycopy(from, at, own, HEAD, length);
      setLocation(slot, newLocation(number(own), 0));
      return;
    }
    if (open == NONE || openTo + HEAD + length > SLAB) {
      openAnother();
    }
    byte[] slab = slabs[open];
    U32.set(slab, openTo, slot);
    U16.set(slab, openTo + LENGTH_AT, (char) length);
    System.arraycopy(from, at, slab, openTo + HEAD, length);
    setLocation(slot, newLocation(open, openTo));
    openTo += HEAD + length;
    living[open] += HEAD + length;
  }

  private void openAnother() {
    if (open != NONE) {
      written[open] = openTo;
      alive += living[open];
      dead += dead(open);
    }
    open = number(spare.isEmpty() ? new byte[SLAB] : spare.remove(spare.size() - 1));
    living[open] = 0;
    openTo = 0;
  }

  private int number(byte[] slab) {
    int number =
        freeNumbers.isEmpty() ? numbered++ : freeNumbers.remove(freeNumbers.size() - 1).intValue();
    if (number >= 1 << SLAB_BITS) {
      throw new IllegalStateException("more than 64 GiB of records");
    }
    if (number == slabs.length) {
      living = Arrays.copyOf(living, number * 2);
      written = Arrays.copyOf(written, number * 2);
      slabs = Arrays.copyOf(slabs, number * 2);
    }
    living[number] = NONE;
    slabs[number] = slab;
    return number;
  }

  /** What stood at {@code location} is there no more. */
  private void bury(long location) {
    if (location == NOWHERE) {
      return;
    }
    int number = slab(location);
    if (living[number] == NONE) {
      free(number); // it had this one alone
      return;
    }
    int octets = HEAD + length(slabs[number], offset(location));
    living[number] -= octets;
    if (number != open) {
      alive -= octets;
      dead += octets;
    }
  }

  private void free(int number) {
    living[number] = NONE;
    slabs[number] = null;
    freeNumbers.add(number);
  }

  private int dead(int number) {
    return written[number] - living[number];
  }

  /** Ends: each slab that is cleaned takes what was dead in it out of the count. */
  private void clean() {
    while (dead > Math.max(alive / LIVE_TO_DEAD, deadAtLeast)) {
      clean(deadest());
    }
  }

  private int deadest() {
    int deadest = NONE;
    for (int number = 0; number < numbered; number++) {
      if (living[number] != NONE
          && number != open
          && (deadest == NONE || dead(number) > dead(deadest))) {
        deadest = number;
      }
    }
    return deadest;
  }

  private void clean(int number) {
    byte[] slab = slabs[number];
    alive -= living[number];
    dead -= dead(number);
    int at = 0;
    for (int left = living[number]; left > 0; ) {
      int slot = (int) U32.get(slab, at);
      int octets = HEAD + length(slab, at);
      long location = location(slot);
      if (location != NOWHERE && slab(location) == number && offset(location) == at) {
        write(slot, slab, at + HEAD, octets - HEAD);
        left -= octets;
      }
      at += octets;
    }
    free(number);
    if (spare.size() < SPARE) {
      spare.add(slab);
    }
  }

  // --- locations ---

  /** Where it stands; changes with each write of that slot. 0: nowhere. */
  long location(int slot) {
    return locations.get(slot / CHUNK).getAcquire(slot % CHUNK);
  }

  private void setLocation(int slot, long location) {
    locations.get(slot / CHUNK).setRelease(slot % CHUNK, location);
  }

  private void makeSlot(int slot) {
    while (slot / CHUNK >= locations.size()) {
      List<AtomicLongArray> more = new ArrayList<>(locations);
      more.add(new AtomicLongArray(CHUNK));
      locations = List.copyOf(more);
    }
  }

  private long newLocation(int number, int offset) {
    writes = Math.max(1, (writes + 1) & ((1L << WRITE_BITS) - 1)); // no location is 0
    return writes << (SLAB_BITS + OFFSET_BITS) | (long) number << OFFSET_BITS | offset;
  }

  private static int slab(long location) {
    return (int) (location >>> OFFSET_BITS) & ((1 << SLAB_BITS) - 1);
  }

  private static int offset(long location) {
    return (int) location & ((1 << OFFSET_BITS) - 1);
  }

  // --- octets ---

  /** The length of an entry; -1 when there can be none: another slab has got this one's number. */
  private static int length(byte[] slab, int offset) {
    if (slab == null || offset + HEAD > slab.length) {
      return -1;
    }
    int length = (char) U16.get(slab, offset + LENGTH_AT);
    if (length == 0) {
      return slab.length - offset - HEAD;
    }
    return offset + HEAD + length <= slab.length ? length : -1;
  }
}
