package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The subscriber table as the gateway uses it. Safe for all threads; no call blocks.
 *
 * <p>A change of options has two phases, because a client may come back for its new configuration
 * before the server's reply reaches us (RFC 6977 section 6, and the relay must supply the new
 * values by then): {@link #begin} puts the new options in force under a durable mark; then either
 * {@link #confirm} makes them the record's own, or {@link #rollBack} takes them out of force. A
 * mark that a crash left behind is never rolled back: its options stay, and {@link #foundAtStart}
 * hands it out so that the exchange is repeated as a trigger.
 *
 * <p>Stages fail with {@link TableUnavailableException} (nothing was done) or, where said, with
 * {@link StaleRecordException}; they complete on the executor given at {@link
 * SubscriberTables#open}, all that one transaction decided in one task. "Durable" means: survives
 * the death of the process. What power loss means is said in SCHEMA.md. A table without a database
 * ({@link TableParameters#MEMORY}) survives nothing, and most of its stages are complete when the
 * call returns.
 */
public interface SubscriberTable extends AutoCloseable {
  /**
   * The sessions that {@code query} means, at most {@code limit} of them (ask for one more than the
   * ceiling to see that it is passed). Complete when it returns, on the caller's thread, when the
   * memory index can decide; a miss is looked up in the database first, for another process may
   * just have written.
   */
  CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit);

  /**
   * The records of one DHCPv6 client, at most {@code limit} of them, on whatever links: for who
   * knows a client by its messages. Complete when it returns, on the caller's thread, once the
   * memory index holds the whole table: then a client that nobody knows costs no question to the
   * database, and what another process writes is found some {@link TableParameters#pollInterval}
   * later.
   *
   * @param nas the NAS whose records alone are seen; empty: those of every NAS
   * @param client the client's DUID
   */
  CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit);

  /**
   * The record {@code id} of {@code nas}, read from the database; with an empty {@code nas} the one
   * without a NAS, otherwise the only one of that id, none when several NASes have one.
   */
  CompletionStage<Optional<SubscriberRecord>> get(String nas, String id);

  /** Writes {@code record} whatever its version; completes with the record as stored. */
  CompletionStage<SubscriberRecord> put(SubscriberRecord record);

  /**
   * Writes {@code record} if the table still has its version; fails with {@link
   * StaleRecordException} otherwise.
   */
  CompletionStage<SubscriberRecord> replace(SubscriberRecord record);

  /**
   * Removes a record, named as for {@link #get}; completes with what was removed, empty when there
   * was none.
   */
  CompletionStage<Optional<SubscriberRecord>> remove(String nas, String id);

  /**
   * The records with {@code key}, at most {@code limit}, out of the memory index: complete when it
   * returns. Fails while the index is being filled; finds nothing unless {@link
   * TableParameters#clientKeys} was asked for.
   *
   * @param nas only those of this NAS; empty: of all
   */
  CompletionStage<List<SubscriberRecord>> findByKey(String nas, ClientKey key, int limit);

  /**
   * Some records with a lease whose end has passed, at most {@code limit}. A call looks at a part
   * of the table and the next one goes on behind it, so that a large table takes some seconds of
   * calls and no call takes long.
   */
  CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit);

  /**
   * Makes of the records of the client {@code duid} what {@code edit} says, in one transaction:
   * nobody writes between its reading and its writing. Durable when complete.
   *
   * @param nas only the records of this NAS; empty: of all
   * @return what was written, without the records that were there with the same content
   */
  CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit);

  /**
   * Puts the new options of all {@code changes} in force, or of none. Durable when complete. Fails
   * with {@link StaleRecordException} when a record was written since its base was read.
   *
   * @return one pending change for each, in the same order
   */
  CompletionStage<List<PendingChange>> begin(List<OptionChange> changes);

  /**
   * The new options are the records' own from now on. Need not be waited for, neither before the
   * ACK leaves nor before what is asked next for the same records: until it is durable, the mark
   * says the same, and what is asked first is done first. When another process wrote a record
   * meanwhile, the options that this change altered are put into what is there now. Harmless for a
   * record that is gone.
   */
  CompletionStage<Void> confirm(List<PendingChange> changes);

  /**
   * The old options are in force again, unless something newer has come. Durable when complete:
   * wait for it before the NAK leaves.
   */
  CompletionStage<Void> rollBack(List<PendingChange> changes);

  /**
   * An acknowledged Disconnect: session and leases are gone, a later request finds nothing. A
   * record that holds another session or another client by now stays. Durable when complete.
   */
  CompletionStage<Void> release(List<SubscriberRecord> records);

  /**
   * Takes subscribers for this gateway alone, before it works on them: another gateway that shares
   * the table gets none of them until {@link #letGo}, or until the time is over. All or none, in
   * one step. Fails with {@link HeldElsewhereException} when another gateway has one, and with
   * {@link StaleRecordException} when a record was written since it was read. Complete when it
   * returns, with {@link Hold#NONE}, for a table that nobody shares.
   *
   * @param records as read
   * @param atMost from now on; longer than the work can take
   */
  CompletionStage<Hold> hold(List<SubscriberRecord> records, Duration atMost);

  /** The work is done: others may take these subscribers. */
  void letGo(Hold hold);

  /**
   * The changes that a crash left pending, oldest first, at most one for each subscriber. Their
   * options are in force and stay so; {@link #confirm} each when its exchange has been repeated.
   */
  List<PendingChange> foundAtStart();

  /** How the table is. */
  TableStatus status();

  /** Writes what is queued, then closes the database. Blocks until done; calling twice is fine. */
  @Override
  void close();
}
