package io.coagateway.subscriber;

import java.time.Duration;
import java.util.Optional;

/**
 * How the table is kept.
 *
 * @param database JDBC URL, {@code jdbc:sqlite:FILE} or {@code
 *     jdbc:postgresql://HOST:PORT/DATABASE}; or {@link #MEMORY}
 * @param queueLimit how many requests may wait for the database before the next is refused, at
 *     least 1
 * @param lockTimeout how long a write waits for another process that holds the database, more than
 *     zero
 * @param pollInterval how often writes of other processes are looked for, more than zero
 * @param access how a database server is reached; a file needs none of it
 * @param clientKeys whether the memory index finds records by {@link ClientKey} too
 */
public record TableParameters(
    String database,
    int queueLimit,
    Duration lockTimeout,
    Duration pollInterval,
    ServerAccess access,
    boolean clientKeys) {
  /** In place of a database: the table is in this process alone, and gone with it. */
  public static final String MEMORY = "memory";

  /** How SQLite's users write that; we open no SQLite for it. */
  private static final String MEMORY_AS_URL = "jdbc:sqlite::memory:";

  /** Without an index of what clients were given: {@link SubscriberTable#findByKey} has none. */
  public TableParameters(
      String database,
      int queueLimit,
      Duration lockTimeout,
      Duration pollInterval,
      ServerAccess access) {
    this(database, queueLimit, lockTimeout, pollInterval, access, false);
  }

  /** The same with an index by {@link ClientKey}, some 40 octets for each record. */
  public TableParameters withClientKeys() {
    return new TableParameters(database, queueLimit, lockTimeout, pollInterval, access, true);
  }

  /** Whether {@code database} asks for none. */
  public static boolean isMemory(String database) {
    return database.equals(MEMORY) || database.equals(MEMORY_AS_URL);
  }

  /** Whether there is no database. */
  public boolean isInMemory() {
    return database.equals(MEMORY);
  }

  /** Refuses what cannot work, naming the parameter and the bound. */
  public TableParameters {
    if (isMemory(database)) {
      database = MEMORY;
    }
    if (queueLimit < 1) {
      throw new IllegalArgumentException("queueLimit " + queueLimit + " is not 1 or more");
    }
    if (lockTimeout.isNegative() || lockTimeout.isZero()) {
      throw new IllegalArgumentException("lockTimeout " + lockTimeout + " is not more than zero");
    }
    if (pollInterval.isNegative() || pollInterval.isZero()) {
      throw new IllegalArgumentException("pollInterval " + pollInterval + " is not more than zero");
    }
  }

  /** Of a database in a file. */
  public TableParameters(
      String database, int queueLimit, Duration lockTimeout, Duration pollInterval) {
    this(
        database,
        queueLimit,
        lockTimeout,
        pollInterval,
        ServerAccess.of(Optional.empty(), Optional.empty(), "gateway"));
  }

  /** The defaults: 65536 requests may wait, a lock for 3 s, other writers are seen within 50 ms. */
  public static TableParameters of(String database) {
    return of(database, ServerAccess.of(Optional.empty(), Optional.empty(), "gateway"));
  }

  /** The same for a database that is reached like that. */
  public static TableParameters of(String database, ServerAccess access) {
    return new TableParameters(
        database, 65_536, Duration.ofSeconds(3), Duration.ofMillis(50), access);
  }
}
