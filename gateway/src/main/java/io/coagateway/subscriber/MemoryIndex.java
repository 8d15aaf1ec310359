package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * All records in memory, compact, found by identification attribute and by DUID. A copy of the
 * database: of two writes of one record the one with the higher version wins, in whatever order
 * they arrive.
 *
 * <p>Reading takes no lock; writing is for one thread at a time and locks by itself. A reader sees
 * each record as it was at some moment during the call.
 */
final class MemoryIndex {
  private static final int EXPIRY_SLICE = 65_536; // slots looked at in one go: some milliseconds
  private static final int TURN = 1024; // slots, then whoever waits for the processor goes first
  private static final int MOST_SAME = 128; // records with a key; with more it selects nothing
  private static final long DEAD_AT_LEAST = 8L << 20; // octets: with 100,000 records a third of all
  private static final int RECENT = 2048; // a power of two

  private final boolean clientKeys;
  private final RecordCodec codec = new RecordCodec();
  private final PackedRecords packing = new PackedRecords();
  private final KeyTable names = new KeyTable(Integer.MAX_VALUE); // a name must always be found
  private final KeyTable table = new KeyTable(MOST_SAME);
  private final RecordSlabs slabs = new RecordSlabs(DEAD_AT_LEAST);
  private int[] free = new int[64];
  private int freeCount;
  private int slotsUsed;
  private int lookedForEnds; // of the one thread that asks for what is expired
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicReferenceArray<Place> recent = new AtomicReferenceArray<>(RECENT);

  private BitSet met; // the slots that a load under way has met; null while none is
  private boolean anew; // that load is right whatever the versions

  /**
   * What the table says of a record that somebody wants to change.
   *
   * @param key the store's handle
   * @param version its number of the last write
   */
  record Known(long key, long version) {}

  /**
   * Where a record was found or written last. Who has found one asks for it by name a few times
   * more within milliseconds, and each search by name costs a dozen misses of the processor's
   * cache.
   *
   * @param location where in the slabs: as long as it is there, it is this record in this state
   */
  private record Place(String nas, String id, int slot, long location) {
    boolean isOf(RecordKey name) {
      return id.equals(name.id()) && nas.equals(name.nas());
    }
  }

  /** An index by session and DUID alone. */
  MemoryIndex() {
    this(false);
  }

  /**
   * @param clientKeys whether {@link #findByKey} finds anything
   */
  MemoryIndex(boolean clientKeys) {
    this.clientKeys = clientKeys;
  }

  /** How many records. */
  int size() {
    return size.get();
  }

  /** How many key entries. */
  long keys() {
    return names.size() + table.size();
  }

  /**
   * The records that match, at most {@code limit}; empty when each of the keys is so common that
   * the database must decide.
   */
  Optional<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    int[] candidates = null;
    List<SessionKey> keys = query.keys();
    for (int i = 0; i < keys.size() && (candidates == null || candidates.length > 1); i++) {
      int[] slots = table.slots(KeyHash.of(keys.get(i).attribute(), keys.get(i).value()));
      if (slots != null && (candidates == null || slots.length < candidates.length)) {
        candidates = slots;
      }
    }
    if (candidates == null) {
      return Optional.empty();
    }
    List<SubscriberRecord> found = new ArrayList<>(Math.min(limit, candidates.length));
    for (int i = 0; i < candidates.length && found.size() < limit; i++) {
      RecordSlabs.Entry entry = slabs.get(candidates[i]);
      byte[] octets = entry == null ? null : packing.unpack(entry.octets());
      if (octets != null && codec.matches(octets, query.nas(), keys)) {
        SubscriberRecord record = codec.decode(octets).record();
        remember(record, entry.slot(), entry.location());
        found.add(record);
      }
    }
    return Optional.of(found);
  }

  private void remember(SubscriberRecord record, int slot, long location) {
    recent.setRelease(placeOf(record.id()), new Place(record.nas(), record.id(), slot, location));
  }

  /** Nobody will ask for that record by its name soon: its place need not outlive a collection. */
  void letGo(RecordKey name) {
    int at = placeOf(name.id());
    Place last = recent.getAcquire(at);
    if (last != null && last.isOf(name)) {
      recent.compareAndSet(at, last, null); // unless another has come there meanwhile
    }
  }

  /** How many places are remembered. */
  int places() {
    return (int) IntStream.range(0, RECENT).filter(at -> recent.get(at) != null).count();
  }

  private static int placeOf(String id) {
    return (int) KeyHash.mix(id.hashCode()) & (RECENT - 1);
  }

  /** Where the record stands and as what; null when it is not here. */
  private RecordSlabs.Entry find(RecordKey name) {
    Place last = recent.getAcquire(placeOf(name.id()));
    if (last != null && last.isOf(name)) {
      RecordSlabs.Entry entry = slabs.get(last.slot(), last.location());
      if (entry != null) {
        return entry;
      }
    }
    return find(name, KeyHash.of(name));
  }

  /**
   * The records of a client, at most {@code limit}; empty when so many share its DUID that the
   * database must decide.
   */
  Optional<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    int[] candidates = table.slots(KeyHash.of(client));
    if (candidates == null) {
      return Optional.empty();
    }
    List<SubscriberRecord> found = new ArrayList<>(Math.min(limit, candidates.length));
    for (int i = 0; i < candidates.length && found.size() < limit; i++) {
      byte[] octets = at(candidates[i]);
      if (octets != null && codec.matches(octets, nas, List.of())) {
        SubscriberRecord record = codec.decode(octets).record();
        if (record.duid().equals(client)) {
          found.add(record);
        }
      }
    }
    return Optional.of(found);
  }

  /** The records with {@code key}, at most {@code limit}; none when it selects hardly anything. */
  List<SubscriberRecord> findByKey(String nas, ClientKey key, int limit) {
    List<SubscriberRecord> found = new ArrayList<>(2);
    int[] candidates = table.slots(KeyHash.of(key));
    if (candidates == null) {
      return found;
    }
    for (int i = 0; i < candidates.length && found.size() < limit; i++) {
      byte[] octets = at(candidates[i]);
      if (octets != null && codec.matches(octets, nas, List.of())) {
        SubscriberRecord record = codec.decode(octets).record();
        if (ClientKey.of(record).contains(key)) {
          found.add(record);
        }
      }
    }
    return found;
  }

  /**
   * The records that match, found by looking at every one: for what the keys cannot decide. Takes a
   * second where there are a million.
   *
   * @param nas only those of this NAS; empty: of all
   * @param keys all of which a record must have; there may be none
   * @param wanted what else must be so
   */
  List<SubscriberRecord> search(
      String nas, List<SessionKey> keys, Predicate<SubscriberRecord> wanted, int limit) {
    List<SubscriberRecord> found = new ArrayList<>();
    int end = end();
    for (int slot = 0; slot < end && found.size() < limit; slot++) {
      giveWay(slot);
      byte[] octets = at(slot);
      if (octets != null && codec.matches(octets, nas, keys)) {
        SubscriberRecord record = codec.decode(octets).record();
        if (wanted.test(record)) {
          found.add(record);
        }
      }
    }
    return found;
  }

  /**
   * Some records and where the next ones are; what is written meanwhile may be missing.
   *
   * @param from 0, or what the call before gave as its last key
   */
  RecordSession.Page page(long from, int limit) {
    List<Stored> found = new ArrayList<>(limit);
    int end = end();
    int slot = Math.toIntExact(from);
    for (; slot < end && found.size() < limit; slot++) {
      byte[] octets = at(slot);
      if (octets != null) {
        found.add(codec.decode(octets));
      }
    }
    return new RecordSession.Page(found, slot, slot >= end);
  }

  /** Who looks at every record can wait; a request shall not wait for him for milliseconds. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how long others wait
  private static void giveWay(int slot) {
    if (slot % TURN == 0) {
      Thread.yield();
    }
  }

  private synchronized int end() {
    return slotsUsed;
  }

  /**
   * Records with a lease that is over, from a part of the index: the next call goes on behind it.
   * For one thread at a time; nobody who writes waits for it.
   *
   * @param now in Unix seconds
   * @param limit at most so many
   */
  List<SubscriberRecord> expired(long now, int limit) {
    List<SubscriberRecord> found = new ArrayList<>();
    byte[] head = new byte[RecordCodec.HEAD_OCTETS];
    int all = end();
    int end = Math.min(all, lookedForEnds + EXPIRY_SLICE);
    int slot = lookedForEnds;
    for (; slot < end && found.size() < limit; slot++) {
      giveWay(slot);
      if (slabs.copyHead(slot, head) && codec.isOver(head, now)) {
        byte[] octets = at(slot);
        if (octets != null) {
          found.add(codec.decode(octets).record());
        }
      }
    }
    lookedForEnds = slot < all ? slot : 0;
    return found;
  }

  /** The record by its name. */
  Optional<Stored> get(RecordKey name) {
    byte[] packed = packedOf(name);
    return packed == null ? Optional.empty() : Optional.of(codec.decode(packing.unpack(packed)));
  }

  /** The record by its name, unless a load begun anew has still to meet it. */
  synchronized Optional<Stored> getUndoubted(RecordKey name) {
    RecordSlabs.Entry there = find(name);
    return there == null || isInDoubt(there.slot())
        ? Optional.empty()
        : Optional.of(codec.decode(packing.unpack(there.octets())));
  }

  private boolean isInDoubt(int slot) {
    return anew && !met.get(slot);
  }

  /** The version of a record; empty when it is not here. */
  OptionalLong versionOf(RecordKey name) {
    byte[] packed = packedOf(name);
    return packed == null ? OptionalLong.empty() : OptionalLong.of(codec.versionOf(packed));
  }

  /** The store's handle and the version of a record; empty when it is not here. */
  Optional<Known> known(RecordKey name) {
    byte[] packed = packedOf(name);
    return packed == null
        ? Optional.empty()
        : Optional.of(new Known(codec.keyOf(packed), codec.versionOf(packed)));
  }

  private byte[] packedOf(RecordKey name) {
    RecordSlabs.Entry there = find(name);
    return there == null ? null : there.octets();
  }

  /**
   * Takes {@code stored} unless a newer version is here. Another key is another row of the database
   * and came later, whatever its version: a confirmation may be known here before it is there.
   */
  synchronized void put(Stored stored) {
    RecordKey name = RecordKey.of(stored.record());
    long idHash = KeyHash.of(name);
    RecordSlabs.Entry there = find(name, idHash);
    int slot = there == null ? newSlot() : there.slot();
    if (there == null) {
      slabs.put(slot, packing.pack(codec.encode(stored)));
      names.add(idHash, slot);
      for (long hash : KeyHash.ofAll(stored.record(), clientKeys)) {
        table.add(hash, slot);
      }
      size.incrementAndGet();
    } else {
      byte[] old = there.octets();
      if (codec.versionOf(old) <= stored.record().version()
          || codec.keyOf(old) != stored.key()
          || isInDoubt(slot)) {
        SubscriberRecord before = codec.decode(packing.unpack(old)).record();
        slabs.put(slot, packing.repack(codec.encode(stored), old));
        if (!before.session().equals(stored.record().session())
            || !before.duid().equals(stored.record().duid())
            || clientKeys) {
          rekey(
              slot, KeyHash.ofAll(before, clientKeys), KeyHash.ofAll(stored.record(), clientKeys));
        }
      }
    }
    if (met != null) {
      met.set(slot);
    }
  }

  /**
   * New options for a record that is here with {@code base}'s version; otherwise nothing. Nor when
   * {@code version} is the older one: what a crash left is in the record already, under a number
   * above its mark, and confirmed once more when it has been repeated.
   */
  synchronized boolean advance(SubscriberRecord base, OptionList options, long version) {
    RecordSlabs.Entry there = find(RecordKey.of(base));
    if (there == null
        || codec.versionOf(there.octets()) != base.version()
        || version <= base.version()) {
      return false;
    }
    slabs.put(there.slot(), packing.withOptions(there.octets(), options, version));
    remember(base, there.slot(), slabs.location(there.slot()));
    return true;
  }

  /** Forgets a record that the write numbered {@code version} removed. */
  synchronized void remove(RecordKey name, long version) {
    RecordSlabs.Entry there = find(name, KeyHash.of(name));
    if (there != null && codec.versionOf(there.octets()) < version) {
      drop(name, there.slot());
    }
  }

  private void drop(RecordKey name, int slot) {
    for (long hash : KeyHash.ofAll(codec.decode(at(slot)).record(), clientKeys)) {
      table.remove(hash, slot);
    }
    names.remove(KeyHash.of(name), slot);
    slabs.remove(slot);
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = slot;
    size.decrementAndGet();
  }

  /** A load of the whole table begins: records that it does not meet will be forgotten. */
  synchronized void startLoading() {
    met = new BitSet(slotsUsed);
  }

  /**
   * The same when the table has gone back: what the load meets counts, and what is newer here not.
   * One call, so that no writer comes between: of him alone the load takes nothing older.
   */
  synchronized void startLoadingAnew() {
    startLoading();
    anew = true;
  }

  /** The load has met every record of the table. */
  synchronized void finishLoading() {
    for (int slot = met.nextClearBit(0); slot < slotsUsed; slot = met.nextClearBit(slot + 1)) {
      byte[] octets = at(slot);
      if (octets != null) {
        drop(RecordKey.of(codec.decode(octets).record()), slot);
      }
    }
    met = null;
    anew = false;
  }

  private void rekey(int slot, long[] before, long[] after) {
    for (long hash : before) {
      if (Arrays.binarySearch(after, hash) < 0) {
        table.remove(hash, slot);
      }
    }
    for (long hash : after) {
      if (Arrays.binarySearch(before, hash) < 0) {
        table.add(hash, slot);
      }
    }
  }

  private RecordSlabs.Entry find(RecordKey name, long idHash) {
    Octets id = Octets.ofUtf8(name.id());
    int enough = RecordCodec.NAME_OCTETS + 3 * name.nas().length() + id.length();
    for (int slot : names.slots(idHash)) {
      RecordSlabs.Entry entry = slabs.get(slot);
      if (entry != null && codec.isRecord(packing.unpack(entry.octets(), enough), name.nas(), id)) {
        return entry;
      }
    }
    return null;
  }

  private int newSlot() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    return slotsUsed++;
  }

  /** The octets of a record, or null. */
  private byte[] at(int slot) {
    RecordSlabs.Entry entry = slabs.get(slot);
    return entry == null ? null : packing.unpack(entry.octets());
  }
}
