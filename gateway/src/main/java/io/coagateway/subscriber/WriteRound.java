package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One transaction of the writer thread, shared by all requests that were waiting when it began.
 *
 * <p>The round is exact when the memory index is complete and nobody else has written since it was
 * brought up to date: nobody else can write now, so what the index says of a record's version is
 * what the database would say, without asking it. A record that this round itself has written is
 * asked for in the database again.
 */
final class WriteRound {
  private final StoreSession session;
  private final MemoryIndex index;
  private final boolean exact;
  private final Set<RecordKey> written = new HashSet<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final List<Long> marks = new ArrayList<>();
  private long firstMark; // acknowledged, not yet told the database: a run without gaps
  private long lastMark = -1;
  private int acknowledged;

  WriteRound(StoreSession session, MemoryIndex index, boolean exact) {
    this.session = session;
    this.index = index;
    this.exact = exact;
  }

  /** The session, for reading and writing records; acknowledged marks are in it. */
  StoreSession session() throws TableUnavailableException {
    tellMarks();
    return session;
  }

  /** Key and version of a record as of now. */
  Optional<MemoryIndex.Known> known(RecordKey name) throws TableUnavailableException {
    if (exact && !written.contains(name)) {
      return index.known(name);
    }
    Optional<Stored> stored = session().read(name);
    if (!written.contains(name)) {
      // whoever is told that a record is stale reads it again, from the index
      stored.ifPresent(now -> afterCommit(() -> index.put(now)));
    }
    return stored.map(now -> new MemoryIndex.Known(now.key(), now.record().version()));
  }

  /** Whether the record is known to have {@code version} without asking the database. */
  boolean surelyHasVersion(RecordKey name, long version) {
    if (!exact || written.contains(name)) {
      return false;
    }
    OptionalLong found = index.versionOf(name);
    return found.isPresent() && found.getAsLong() == version;
  }

  /** A new mark. */
  long mark(long key, OptionList options) throws TableUnavailableException {
    long mark = session.nextNumber();
    session.insertPending(mark, key, options);
    marks.add(mark);
    return mark;
  }

  /** The new marks of this round. */
  List<Long> marks() {
    return marks;
  }

  /** A mark is acknowledged; runs of neighbours become one statement. */
  void acknowledge(long mark) throws TableUnavailableException {
    if (mark == lastMark + 1) {
      lastMark = mark;
    } else {
      tellMarks();
      firstMark = mark;
      lastMark = mark;
    }
  }

  private void tellMarks() throws TableUnavailableException {
    if (lastMark >= 0) {
      acknowledged += session.acknowledge(firstMark, lastMark);
      lastMark = -1;
    }
  }

  /** This round has written the record. */
  void wrote(RecordKey name) {
    written.add(name);
  }

  /** What to do in memory when the database has taken it all. */
  void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  /** Everything is in the session; gives how many marks were acknowledged. */
  int finish() throws TableUnavailableException {
    tellMarks();
    return acknowledged;
  }

  /**
   * Does it all, also behind an action that fails: the database has it.
   *
   * @param trouble hears of what fails
   * @return whether none failed
   */
  boolean runAfterCommit(TableTrouble trouble) {
    boolean done = true;
    for (Runnable action : afterCommit) {
      done &= trouble.tell(action);
    }
    return done;
  }
}
