package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * One connection's worth of work on the table's database; what a store for another database has to
 * give. Blocking; for one thread at a time. Every method fails with {@link
 * TableUnavailableException}, and a failure inside a transaction leaves nothing of it behind once
 * {@link #rollBack} has been called.
 */
interface StoreSession extends RecordSession {
  /** A mark in the database. */
  record Mark(long number, Stored base, OptionList next) {}

  /** Somebody wrote or removed a record; an empty name means that everything may be different. */
  record Change(long number, Optional<RecordKey> name, long version) {
    /** Before the first one. */
    static final Change NONE = new Change(0, Optional.empty(), 0);
  }

  @Override
  default int batch() {
    return TableTransfer.BATCH;
  }

  /**
   * Fails when the database is not where others find it any more. Asked often by the thread that
   * reads; a transaction of another session of the same store does not begin then either.
   */
  void requireInPlace() throws TableUnavailableException;

  /** Whether a {@link #commit} that failed may have been done all the same, its answer lost. */
  boolean mayCommitUnheard();

  /** A number that no write had before; higher than all before. Only in a transaction. */
  long nextNumber() throws TableUnavailableException;

  /** The newest row of the change log, {@link Change#NONE} when there is none. */
  Change newestChange() throws TableUnavailableException;

  /** The oldest change that is still remembered, 0 when there is none. */
  long oldestChange() throws TableUnavailableException;

  /** Changes after {@code number} in order, at most {@code limit}. */
  List<Change> changesAfter(long number, int limit) throws TableUnavailableException;

  /** Those of these records that there are, each by its name, with their confirmed options. */
  Map<RecordKey, Stored> readAll(Collection<RecordKey> names) throws TableUnavailableException;

  /** As {@link #put} for each; no two have one name. */
  void putAll(List<SubscriberRecord> records) throws TableUnavailableException;

  /** The records of that id, one for each NAS that has one. */
  List<Stored> readById(String id) throws TableUnavailableException;

  /**
   * The record that a name means for who may not know the NAS: with an empty NAS the one that has
   * none, otherwise the only one of that id; none when several NASes have one.
   */
  default Optional<Stored> resolve(RecordKey name) throws TableUnavailableException {
    if (!name.nas().isEmpty()) {
      return read(name);
    }
    List<Stored> all = readById(name.id());
    Optional<Stored> own =
        all.stream().filter(stored -> stored.record().nas().isEmpty()).findFirst();
    return own.isEmpty() && all.size() == 1 ? Optional.of(all.get(0)) : own;
  }

  /** The options that a change under way has put in force for a record; empty when none has. */
  Optional<OptionList> underWay(Stored record) throws TableUnavailableException;

  /** The records that match, at most {@code limit}. */
  List<SubscriberRecord> find(SessionQuery query, int limit) throws TableUnavailableException;

  /** The records of that client and NAS (empty: of any NAS), at most {@code limit}. */
  List<SubscriberRecord> findClient(String nas, Duid client, int limit)
      throws TableUnavailableException;

  /** New options under a new number for a record that is there, logged; gives the number. */
  long putOptions(Stored record, OptionList options) throws TableUnavailableException;

  /** Logs that a record's options in force have changed. */
  void logChange(RecordKey name, long version) throws TableUnavailableException;

  /** Writes what changes nothing, to see whether it can be done. In a transaction. */
  void logNothing() throws TableUnavailableException;

  /** Writes a mark: {@code options} are in force from now on. */
  void insertPending(long mark, long key, OptionList options) throws TableUnavailableException;

  /**
   * The marks from {@code first} to {@code last} are acknowledged; gives how many of them wait for
   * {@link #merge}.
   */
  int acknowledge(long first, long last) throws TableUnavailableException;

  /**
   * The record that the mark is for, by whatever name it goes now; empty when there is none, or the
   * mark is acknowledged or gone.
   */
  Optional<Stored> pendingFor(long mark) throws TableUnavailableException;

  /** Takes a mark away; gives whether it was there and not acknowledged. */
  boolean deletePending(long mark) throws TableUnavailableException;

  /**
   * Takes a mark away whose options are not yet in the record; gives whether there was one. Not one
   * that {@link #adopt} of another gateway has taken over.
   */
  boolean takeBack(long mark) throws TableUnavailableException;

  /**
   * Takes over the marks that an earlier process of this gateway left, or another gateway that is
   * gone: puts their options into the records and keeps one for each subscriber, to be repeated. At
   * start, in a transaction.
   *
   * @return the changes to be repeated, oldest first
   */
  List<Mark> recover() throws TableUnavailableException;

  /** Whether marks are there on which nobody is at work any more, ours not counted. */
  boolean hasLeftMarks() throws TableUnavailableException;

  /**
   * Takes over the marks that another gateway left, as {@link #recover}. In a transaction.
   *
   * @param ours marks that this process is at work on, whatever became of its leases
   */
  List<Mark> adopt(LongPredicate ours) throws TableUnavailableException;

  /**
   * Leases all of these records to this gateway, or none. What another gateway left of one has to
   * be taken over first (see {@link #adopt}), though its lease be over: it would win later over
   * what is newer. In a transaction.
   *
   * @param time from now on
   * @param ours marks that this process is at work on
   * @return empty when they are ours; otherwise the name of a gateway that has one of them
   */
  Optional<String> lease(List<Long> keys, Duration time, LongPredicate ours)
      throws TableUnavailableException;

  /** Gives leases of ours back. In a transaction. */
  void endLeases(List<Long> keys) throws TableUnavailableException;

  /** How many acknowledged marks there are. */
  int acknowledged() throws TableUnavailableException;

  /**
   * Moves acknowledged options into their records, about {@code limit} of them, in the order of the
   * records' keys, starting after {@code afterKey}. In a transaction.
   */
  Merged merge(long afterKey, int limit) throws TableUnavailableException;

  /**
   * What a merge did.
   *
   * @param marks how many marks are gone
   * @param lastKey where the next one starts; 0 when the end was reached
   */
  record Merged(int marks, long lastKey) {}

  /**
   * Moves what the log holds into the database file, as far as nobody is hindered. Nothing where
   * the database does that by itself.
   *
   * @return how many pages the log holds, moved or not
   */
  long checkpoint() throws TableUnavailableException;

  /**
   * Moves what is left in the log, a little after {@link #checkpoint}, and begins it anew unless
   * somebody still reads it: the writer's own, who would else always add to its end.
   */
  void restartLog() throws TableUnavailableException;

  /** Octets in the write-ahead log's file; 0 where that is the database's own business. */
  long logSize();

  /** Empties the log; the writer's own, when {@link #checkpoint} cannot keep up. */
  void truncateLog() throws TableUnavailableException;
}
