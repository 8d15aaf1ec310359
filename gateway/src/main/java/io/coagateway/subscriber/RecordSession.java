package io.coagateway.subscriber;

import java.util.List;
import java.util.Optional;

/**
 * Reading and writing whole records, many at a time: what a file that a relay writes needs of a
 * table, in a database or in memory. Blocking; for one thread at a time. A failure inside a
 * transaction leaves nothing of it behind once {@link #rollBack} has been called.
 */
interface RecordSession extends AutoCloseable {
  /** Starts a transaction that no other writer can interfere with. */
  void begin() throws TableUnavailableException;

  /** Ends it; durable against the death of the process when it returns. */
  void commit() throws TableUnavailableException;

  /** Ends it with nothing done; never fails. */
  void rollBack();

  /** How many records a transaction may have, so that nobody waits long for its end. */
  int batch();

  /** One record with its confirmed options. */
  Optional<Stored> read(RecordKey name) throws TableUnavailableException;

  /** A page of records with keys above {@code key}, in the order of their keys. */
  Page readAfter(long key, int limit) throws TableUnavailableException;

  /**
   * A page of records.
   *
   * @param records those that could be read
   * @param lastKey where the next page starts
   * @param last whether no record follows
   */
  record Page(List<Stored> records, long lastKey, boolean last) {}

  /** Writes a record under a new number; gives it as stored. */
  Stored put(SubscriberRecord record) throws TableUnavailableException;

  /** Removes a record with its marks; gives the number of that write. */
  long remove(Stored record) throws TableUnavailableException;

  @Override
  void close();
}
