package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * One connection to SQLite, every statement prepared once. An acknowledged change is only marked so
 * and moves into its record later, because rewriting scattered rows one by one costs SQLite a page
 * each.
 */
final class SqliteSession extends SqlSession {
  private final SqliteStore store;
  private final Statements statements;
  private final NumberBlock numbers = new NumberBlock();

  // within a transaction, where nobody else writes
  private Change newestChange; // null while it is not known

  SqliteSession(SqliteStore store, Connection connection) {
    this(store, new Statements(store, connection));
  }

  private SqliteSession(SqliteStore store, Statements statements) {
    super(statements, store.dictionary(), store.unreadable());
    this.store = store;
    this.statements = statements;
  }

  /** The statements of one connection. */
  private static final class Statements extends SqlStatements {
    private final SqliteStore store;
    private final Map<String, PreparedStatement> known = new HashMap<>();
    private final WaitingMarks marks = new WaitingMarks();
    private Connection connection;
    private boolean transaction;
    private boolean broken;

    Statements(SqliteStore store, Connection connection) {
      this.store = store;
      this.connection = connection;
    }

    @Override
    <T> T doing(String what, Work<T> work) throws TableUnavailableException {
      try {
        mend();
        tellMarks();
        return work.run();
      } catch (SQLException e) {
        throw failed(what, e);
      }
    }

    @Override
    PreparedStatement prepared(String sql) throws SQLException {
      PreparedStatement statement = known.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        known.put(sql, statement);
      }
      return statement;
    }

    /**
     * What to throw. After an I/O error or on a full disk some statements of the connection, and
     * the transaction, are in no state to go on from; closing it is what SQLite and its driver
     * promise to recover from.
     */
    TableUnavailableException failed(String what, SQLException e) {
      TableUnavailableException failure = SqliteStore.unavailable(what, e);
      broken |=
          failure.reason() != TableUnavailableException.Reason.LOCKED
              && failure.reason() != TableUnavailableException.Reason.REFUSED;
      return failure;
    }

    /** A new connection in place of a broken one, outside a transaction. */
    void mend() throws SQLException, TableUnavailableException {
      if (broken && !transaction) {
        close();
        known.clear();
        SqliteStore.disconnect(connection);
        connection = store.connect();
        broken = false;
      }
    }

    void tellMarks() throws SQLException {
      if (!marks.isEmpty()) {
        marks.write(this);
      }
    }

    void close() {
      for (PreparedStatement statement : known.values()) {
        try {
          statement.close();
        } catch (SQLException e) {
          // closing the connection closes it too
        }
      }
    }
  }

  @Override
  public void begin() throws TableUnavailableException {
    store.file().requireInPlace();
    try {
      statements.mend();
      sql.prepared("BEGIN IMMEDIATE").execute();
      statements.transaction = true;
      numbers.begin();
      newestChange = null;
    } catch (SQLException e) {
      throw statements.failed("cannot start to write", e);
    }
  }

  @Override
  public void commit() throws TableUnavailableException {
    try {
      statements.tellMarks();
      if (numbers.isTaken()) {
        sql.update("UPDATE sequence SET last = ?", numbers.end());
      }
      sql.prepared("COMMIT").execute();
    } catch (SQLException e) {
      throw statements.failed("cannot commit", e);
    }
    statements.transaction = false;
  }

  @Override
  public void requireInPlace() throws TableUnavailableException {
    store.file().look();
    store.file().requireInPlace();
  }

  @Override
  public boolean mayCommitUnheard() {
    return false; // nothing is between us and the file
  }

  @Override
  public void rollBack() {
    boolean open = statements.transaction;
    statements.transaction = false;
    statements.marks.clear();
    numbers.rollBack();
    try {
      sql.prepared("ROLLBACK").execute();
    } catch (SQLException e) {
      // SQLite rolls back by itself on some I/O errors. Or it could not: then the end of this
      // connection does it.
      statements.broken |= open;
    }
  }

  @Override
  public Change newestChange() throws TableUnavailableException {
    if (!statements.transaction) {
      return super.newestChange();
    }
    if (newestChange == null) {
      newestChange = super.newestChange();
    }
    return newestChange;
  }

  @Override
  public long nextNumber() throws TableUnavailableException {
    look();
    return numbers.next(); // without telling the database of marks that wait
  }

  private void look() throws TableUnavailableException {
    if (!numbers.hasLooked()) {
      numbers.look(
          sql.doing("cannot number a write", () -> sql.number("SELECT last FROM sequence")));
    }
  }

  @Override
  public void insertPending(long mark, long key, OptionList options) {
    statements.marks.add(mark, key, options);
  }

  @Override
  public void logNothing() throws TableUnavailableException {
    look();
    numbers.take(); // which the commit writes
  }

  @Override
  void log(RecordKey name, long version) throws SQLException {
    newestChange = null;
    sql.update(
        "INSERT INTO change (nas, id, version) VALUES (?, ?, ?)", name.nas(), name.id(), version);
  }

  @Override
  public int acknowledge(long first, long last) throws TableUnavailableException {
    return sql.doing(
        "cannot acknowledge a change",
        () ->
            sql.update(
                "UPDATE pending SET state = 1 WHERE mark BETWEEN ? AND ? AND state = 0",
                first,
                last));
  }

  @Override
  public List<Mark> recover() throws TableUnavailableException {
    Merged merged = merge(0, Integer.MAX_VALUE);
    while (merged.lastKey() != 0) {
      merged = merge(merged.lastKey(), Integer.MAX_VALUE);
    }
    List<Mark> left = sql.doing("cannot read pending marks", () -> marks.where("p.state = 0"));
    for (Mark mark : left) {
      long version = putOptions(mark.base(), mark.next());
      sql.doing(
          "cannot keep a mark",
          () -> {
            marks.keepForRepetition(mark);
            return version;
          });
    }
    acknowledge(0, Long.MAX_VALUE); // of records that cannot be read: none can be repeated
    return toRepeat("true");
  }

  // No other gateway shares the file: there is nobody to lease a subscriber against.

  @Override
  public boolean hasLeftMarks() {
    return false;
  }

  @Override
  public List<Mark> adopt(LongPredicate ours) {
    return List.of();
  }

  @Override
  public Optional<String> lease(List<Long> keys, Duration time, LongPredicate ours) {
    return Optional.empty();
  }

  @Override
  public void endLeases(List<Long> keys) {
    // there are none
  }

  @Override
  public int acknowledged() throws TableUnavailableException {
    return sql.doing(
        "cannot count marks",
        () -> Math.toIntExact(sql.number("SELECT count(*) FROM pending WHERE state = 1")));
  }

  @Override
  public Merged merge(long afterKey, int limit) throws TableUnavailableException {
    return sql.doing(
        "cannot move acknowledged options into their records",
        () -> {
          long end =
              sql.number(
                  "SELECT subscriber FROM pending WHERE subscriber > ? ORDER BY subscriber"
                      + " LIMIT 1 OFFSET ?",
                  afterKey,
                  limit - 1L);
          long last = end == 0 ? Long.MAX_VALUE : end;
          sql.update(
              "INSERT INTO supplied (subscriber, version, options, radius)"
                  + " SELECT subscriber, max(mark), options, radius FROM pending"
                  + " WHERE subscriber > ? AND subscriber <= ? AND state = 1 GROUP BY subscriber"
                  + " ON CONFLICT (subscriber) DO UPDATE SET"
                  + " version = max(version, excluded.version), options = excluded.options,"
                  + " radius = excluded.radius",
              afterKey,
              last);
          int moved =
              sql.update(
                  "DELETE FROM pending WHERE subscriber > ? AND subscriber <= ? AND state = 1",
                  afterKey,
                  last);
          return new Merged(moved, end);
        });
  }

  @Override
  public long checkpoint() throws TableUnavailableException {
    return checkpoint("PASSIVE");
  }

  @Override
  public void restartLog() throws TableUnavailableException {
    checkpoint("RESTART");
  }

  @Override
  public void truncateLog() throws TableUnavailableException {
    checkpoint("TRUNCATE");
  }

  private long checkpoint(String mode) throws TableUnavailableException {
    return sql.doing(
        "cannot write the log back into the database",
        () -> store.checkpoint(statements.connection, mode));
  }

  @Override
  public long logSize() {
    return store.file().logSize();
  }

  @Override
  public void close() {
    statements.close();
    SqliteStore.disconnect(statements.connection);
  }
}
