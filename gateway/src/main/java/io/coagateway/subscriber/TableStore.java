package io.coagateway.subscriber;

/**
 * One database, open. SQLite is the one that is built in; another database joins by implementing
 * this and {@link StoreSession}, and by a line in {@link SubscriberTables}.
 */
interface TableStore extends AutoCloseable {
  /** Another connection. */
  StoreSession session() throws TableUnavailableException;

  /** Starts to put another table in the place of this one. */
  Replacement replacement() throws TableUnavailableException;

  @Override
  void close();
}
