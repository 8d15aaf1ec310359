package io.coagateway.subscriber;

import java.util.List;

/**
 * What happens to the table, for metrics and for those who must know (the relay, by {@code
 * /events}). Called on the table's own threads, after the database has committed and before the
 * caller of the operation hears of it; must return quickly and throw nothing.
 */
public interface TableObserver {
  /** One that looks away. */
  TableObserver NONE = new TableObserver() {};

  /** New options are in force, the server not yet heard. */
  default void optionsPending(PendingChange change) {}

  /**
   * A change was acknowledged, or another gateway has taken it over while this one could not end
   * it; {@code record} has the new options.
   */
  default void optionsConfirmed(SubscriberRecord record) {}

  /** A change was refused; the options of {@code record} are in force again. */
  default void optionsPutBack(SubscriberRecord record) {}

  /**
   * A change is over: confirmed or put back, of which was told just before, or without a record,
   * since that was removed meanwhile.
   */
  default void changeEnded(PendingChange change) {}

  /** An acknowledged Disconnect: session and leases of {@code record} are gone. */
  default void released(SubscriberRecord record) {}

  /** Records were written or removed by other processes. */
  default void changedElsewhere(int records) {}

  /**
   * Another gateway that shares the table died and left these changes: they are in force, and the
   * exchange of each is to be repeated, as for {@link SubscriberTable#foundAtStart}.
   */
  default void left(List<PendingChange> changes) {}

  /** The database does not do what it is asked; told once, with the words for the operator. */
  default void troubled(String message) {}

  /** The database works again. */
  default void recovered() {}

  /** One transaction took {@code requests} queued requests and {@code nanos} nanoseconds. */
  default void committed(int requests, long nanos) {}

  /** Requests failed. */
  default void unavailable(TableUnavailableException.Reason reason, int requests) {}

  /**
   * A defect of the gateway was met on a thread of the table: a program error, or a listener that
   * threw. What failed by it is told besides; what was committed stands.
   */
  default void defect(Throwable defect) {}

  /** The memory index is complete: lookups no longer need the database. */
  default void loaded(int records, long nanos) {}

  /**
   * The file that a relay keeps was read from its beginning, and the table has what it says.
   *
   * @param lines how many there are
   * @param written records that were new or different
   * @param removed records that the file says are removed, or does not name any more
   * @param bad lines that are no records
   */
  default void fileRead(long lines, int written, int removed, int bad) {}

  /** Records that are in the database but cannot be read; they are not served. */
  default void unreadable(List<String> problems) {}
}
