package io.coagateway.subscriber;

import java.util.concurrent.locks.ReentrantLock;

/**
 * One database, open: SQLite in the process, or PostgreSQL. Another joins by implementing this and
 * {@link StoreSession}, and by a line in {@link SubscriberTables}.
 */
interface TableStore extends AutoCloseable {
  /** Another connection. */
  StoreSession session() throws TableUnavailableException;

  /**
   * A lock for the table to hold while what was read, or committed, is put into memory. Where all
   * sessions share one connection it is that connection's own, so that two locks are never taken in
   * two orders.
   */
  ReentrantLock applying();

  /** Whether other gateways may use the same table, so that subscribers have to be held. */
  boolean isShared();

  /** Starts to put another table in the place of this one. */
  Replacement replacement() throws TableUnavailableException;

  @Override
  void close();
}
