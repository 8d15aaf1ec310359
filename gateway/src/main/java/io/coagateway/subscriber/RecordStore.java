package io.coagateway.subscriber;

/** Whole records can be read and written here: in a database, or in the memory of this process. */
@FunctionalInterface
interface RecordStore extends AutoCloseable {
  /** Another connection. */
  RecordSession session() throws TableUnavailableException;

  /** Closes the database; nothing where there is none. */
  @Override
  default void close() {}
}
