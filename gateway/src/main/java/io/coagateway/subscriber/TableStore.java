package io.coagateway.subscriber;

/**
 * One database, open: SQLite in the process, or PostgreSQL. Another joins by implementing this and
 * {@link StoreSession}, and by a line in {@link SubscriberTables}.
 */
interface TableStore extends RecordStore {
  @Override
  StoreSession session() throws TableUnavailableException;

  /** Whether other gateways may use the same table, so that subscribers have to be held. */
  boolean isShared();

  /**
   * Before a gateway works with the table: no other one may until {@link #close}, unless it {@link
   * #isShared}.
   *
   * @throws TableUnavailableException when another gateway has it
   */
  void claim() throws TableUnavailableException;

  /** Starts to put another table in the place of this one. */
  Replacement replacement() throws TableUnavailableException;

  @Override
  void close();
}
