package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Transactions and questions on PostgreSQL. A transaction holds the one row of the table {@code
 * writing} from its beginning: whoever writes comes after it, so what it reads stays true until it
 * ends, and numbers become visible in their order.
 *
 * <p>An acknowledged change moves into its record at once and is logged, because other gateways
 * follow the change log.
 */
final class PostgresSession extends SqlSession {
  private static final int NUMBERS = 64; // drawn from the server at a time
  private static final Duration TAKEN_OVER = Duration.ofSeconds(5);

  /**
   * Marks on which nobody is at work any more; what {@code %s} adds are owners that do not count.
   */
  private static final String LEFT =
      "NOT EXISTS (SELECT 1 FROM lease l WHERE l.subscriber = p.subscriber"
          + " AND l.until >= clock_timestamp()%s)";

  private static final String NOT_LEFT =
      " AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.subscriber = ANY (?) AND p.state = 0)";

  /** A record, its row in the log of changes, its version and options. */
  private static final String PUT =
      "WITH base AS (INSERT INTO subscriber_base (%s) VALUES (%s) ON CONFLICT (id, nas) DO UPDATE SET %s RETURNING key, nas, id),"
              .formatted(SqlRow.BOUND_COLUMNS, SqlRow.BOUND_VALUES, SqlRow.BOUND_ANEW)
          + " logged AS (INSERT INTO change (nas, id, version) SELECT nas, id, ? FROM base)"
          + " INSERT INTO supplied (subscriber, version, options, radius)"
          + " SELECT key, ?, ?, ? FROM base ON CONFLICT (subscriber) DO UPDATE SET"
          + " version = excluded.version, options = excluded.options, radius = excluded.radius";

  private final PostgresStore store;
  private final Statements statements;
  private final Deque<Long> numbers = new ArrayDeque<>(NUMBERS); // within a transaction

  PostgresSession(PostgresStore store) {
    this(store, new Statements(store));
  }

  private PostgresSession(PostgresStore store, Statements statements) {
    super(statements, store.dictionary(), store.unreadable());
    this.store = store;
    this.statements = statements;
  }

  /** Statements on the connection of the transaction, or on one for a single piece of work. */
  private static final class Statements extends SqlStatements {
    private final PostgresStore store;
    private final Map<String, PreparedStatement> known = new HashMap<>();
    private final WaitingMarks marks = new WaitingMarks();
    private Connection connection; // null between pieces of work
    private boolean transaction;

    Statements(PostgresStore store) {
      this.store = store;
    }

    @Override
    <T> T doing(String what, Work<T> work) throws TableUnavailableException {
      try {
        if (transaction) {
          tellMarks();
          return work.run();
        }
        return withAnyConnection(() -> alone(work));
      } catch (SQLException e) {
        throw PostgresStore.unavailable(what, e);
      }
    }

    /** A question; what writes has a transaction. */
    private <T> T alone(Work<T> work) throws SQLException {
      connection = store.connect();
      try {
        return work.run();
      } finally {
        giveBack();
      }
    }

    /**
     * Does what leaves nothing behind where it fails, and does it once more where its connection
     * turns out to be lost: the pool does not look at those that were in use a moment ago, and a
     * server that was restarted, or has handed over to another, is there again. What is lost of one
     * connection is of all: the second one is new.
     */
    private <T> T withAnyConnection(Work<T> work) throws SQLException {
      try {
        return work.run();
      } catch (SQLException e) {
        if (!PostgresStore.isLost(e)) {
          throw e;
        }
        store.forgetConnections();
        return work.run();
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

    void begin() throws SQLException {
      withAnyConnection(
          () -> {
            connection = store.connect();
            try {
              connection.setAutoCommit(false);
              transaction = true;
              prepared("SELECT 1 FROM writing FOR UPDATE").executeQuery().close();
              return connection;
            } catch (SQLException e) {
              rollBack();
              throw e;
            }
          });
    }

    void commit() throws SQLException {
      tellMarks();
      connection.commit();
      giveBack();
    }

    void rollBack() {
      try {
        if (connection != null) {
          connection.rollback();
        }
      } catch (SQLException e) {
        // The connection is gone, and the transaction with it.
      }
      giveBack();
    }

    private void tellMarks() throws SQLException {
      if (!marks.isEmpty()) {
        marks.write(this);
      }
    }

    /** The pool closes the statements of a connection that comes back. */
    private void giveBack() {
      known.clear();
      marks.clear();
      transaction = false;
      Connection used = connection;
      connection = null;
      if (used != null) {
        try {
          used.close();
        } catch (SQLException e) {
          // The pool throws away what it cannot use again.
        }
      }
    }
  }

  @Override
  public void begin() throws TableUnavailableException {
    numbers.clear();
    try {
      statements.begin();
    } catch (SQLException e) {
      throw PostgresStore.unavailable("cannot start to write", e);
    }
  }

  @Override
  public void commit() throws TableUnavailableException {
    try {
      statements.commit();
    } catch (SQLException e) {
      throw PostgresStore.unavailable("cannot commit", e);
    }
  }

  @Override
  public void requireInPlace() {
    // a server that is elsewhere does not answer
  }

  @Override
  public boolean mayCommitUnheard() {
    return true;
  }

  @Override
  public void rollBack() {
    statements.rollBack();
  }

  @Override
  public long nextNumber() throws TableUnavailableException {
    if (numbers.isEmpty()) {
      // not by doing(): marks that wait need not be told for this
      try (PreparedStatement draw =
              statements.connection.prepareStatement(
                  "SELECT nextval('version') FROM generate_series(1, " + NUMBERS + ")");
          ResultSet rows = draw.executeQuery()) {
        while (rows.next()) {
          numbers.add(rows.getLong(1));
        }
      } catch (SQLException e) {
        throw PostgresStore.unavailable("cannot number a write", e);
      }
    }
    return numbers.remove();
  }

  @Override
  public void insertPending(long mark, long key, OptionList options) {
    statements.marks.add(mark, key, options);
  }

  @Override
  public void logNothing() throws TableUnavailableException {
    sql.doing("cannot write", () -> sql.update("UPDATE writing SET only_row = true"));
  }

  @Override
  public Map<RecordKey, Stored> readAll(Collection<RecordKey> names)
      throws TableUnavailableException {
    return sql.doing(
        "cannot read records",
        () -> {
          Connection connection = statements.connection;
          return records.read(
              connection.createArrayOf("text", names.stream().map(RecordKey::nas).toArray()),
              connection.createArrayOf("text", names.stream().map(RecordKey::id).toArray()));
        });
  }

  /** All in one round trip; the numbers cost a few more. */
  @Override
  public void putAll(List<SubscriberRecord> all) throws TableUnavailableException {
    List<Long> versions = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      versions.add(nextNumber());
    }
    sql.doing(
        "cannot write records",
        () -> {
          PreparedStatement put = sql.prepared(PUT);
          for (int i = 0; i < all.size(); i++) {
            row.bind(put, 1, all.get(i));
            int at = SqlRow.BOUND;
            put.setLong(at + 1, versions.get(i));
            put.setLong(at + 2, versions.get(i));
            SqlRow.bind(put, at + 3, all.get(i).options());
            put.addBatch();
          }
          return put.executeBatch();
        });
  }

  @Override
  void log(RecordKey name, long version) throws SQLException {
    sql.update(
        "INSERT INTO change (nas, id, version) VALUES (?, ?, ?)", name.nas(), name.id(), version);
  }

  @Override
  public int acknowledge(long first, long last) throws TableUnavailableException {
    return sql.doing(
        "cannot acknowledge a change",
        () -> {
          sql.update(
              "WITH done AS (DELETE FROM pending WHERE mark BETWEEN ? AND ? AND state = 0"
                  + " RETURNING mark, subscriber, options, radius),"
                  + " newest AS (SELECT DISTINCT ON (subscriber) * FROM done"
                  + " ORDER BY subscriber, mark DESC),"
                  + " moved AS (UPDATE supplied s SET version = greatest(s.version, n.mark),"
                  + " options = n.options, radius = n.radius FROM newest n"
                  + " WHERE s.subscriber = n.subscriber RETURNING s.subscriber, s.version)"
                  + " INSERT INTO change (nas, id, version) SELECT b.nas, b.id, m.version"
                  + " FROM moved m JOIN subscriber_base b ON b.key = m.subscriber",
              first,
              last);
          return 0; // none waits to be merged
        });
  }

  // --- leases, and what gateways leave that do not come back ---

  @Override
  public Optional<String> lease(List<Long> keys, Duration time, LongPredicate ours)
      throws TableUnavailableException {
    return sql.doing(
        "cannot lease a subscriber",
        () -> {
          if (take(keys, time, NOT_LEFT)) {
            return Optional.empty();
          }
          Optional<String> owner = otherOwner(keys);
          if (owner.isEmpty() && isOurs(keys, ours) && take(keys, time, "")) {
            return owner;
          }
          return owner.or(() -> Optional.of("that is gone"));
        });
  }

  /**
   * Takes all or none.
   *
   * @param condition besides that no other gateway has one; of the array of keys, where it is not
   *     empty
   */
  private boolean take(List<Long> keys, Duration time, String condition) throws SQLException {
    Array wanted = array(keys);
    PreparedStatement take =
        sql.prepared(
            "INSERT INTO lease (subscriber, owner, until)"
                + " SELECT k, ?, clock_timestamp() + ? * interval '1 millisecond'"
                + " FROM unnest(?) k WHERE NOT EXISTS (SELECT 1 FROM lease l"
                + " WHERE l.subscriber = ANY (?) AND l.owner <> ?"
                + " AND l.until >= clock_timestamp())"
                + condition
                + " ON CONFLICT (subscriber)"
                + " DO UPDATE SET owner = excluded.owner, until = excluded.until");
    take.setString(1, store.owner());
    take.setLong(2, time.toMillis());
    take.setArray(3, wanted);
    take.setArray(4, wanted);
    take.setString(5, store.owner());
    if (!condition.isEmpty()) {
      take.setArray(6, wanted);
    }
    return take.executeUpdate() > 0;
  }

  /** Whether the marks of these records that are under way are our own. */
  private boolean isOurs(List<Long> keys, LongPredicate ours) throws SQLException {
    PreparedStatement ask =
        sql.prepared("SELECT mark FROM pending WHERE state = 0 AND subscriber = ANY (?)");
    ask.setArray(1, array(keys));
    boolean all = true;
    try (ResultSet rows = ask.executeQuery()) {
      while (rows.next()) {
        all &= ours.test(rows.getLong(1));
      }
    }
    return all;
  }

  /** Who else has one of these records. */
  private Optional<String> otherOwner(List<Long> keys) throws SQLException {
    PreparedStatement ask =
        sql.prepared(
            "SELECT owner FROM lease WHERE subscriber = ANY (?) AND owner <> ?"
                + " AND until >= clock_timestamp() LIMIT 1");
    ask.setArray(1, array(keys));
    ask.setString(2, store.owner());
    try (ResultSet rows = ask.executeQuery()) {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    }
  }

  @Override
  public void endLeases(List<Long> keys) throws TableUnavailableException {
    sql.doing(
        "cannot end a lease",
        () -> {
          PreparedStatement end =
              sql.prepared("DELETE FROM lease WHERE subscriber = ANY (?) AND owner = ?");
          end.setArray(1, array(keys));
          end.setString(2, store.owner());
          return end.executeUpdate();
        });
  }

  private Array array(List<Long> keys) throws SQLException {
    return statements.connection.createArrayOf("bigint", keys.toArray());
  }

  @Override
  public List<Mark> recover() throws TableUnavailableException {
    return takeOver(mark -> false, LEFT.formatted(" AND l.owner <> ?"), store.owner());
  }

  @Override
  public boolean hasLeftMarks() throws TableUnavailableException {
    return sql.doing(
        "cannot read pending marks",
        () -> sql.number("SELECT 1 FROM pending p WHERE " + LEFT.formatted("") + " LIMIT 1") == 1);
  }

  @Override
  public List<Mark> adopt(LongPredicate ours) throws TableUnavailableException {
    return takeOver(ours, LEFT.formatted(""));
  }

  private List<Mark> takeOver(LongPredicate ours, String left, Object... owners)
      throws TableUnavailableException {
    List<Mark> underWay =
        sql.doing(
            "cannot read pending marks", () -> marks.where("p.state = 0 AND " + left, owners));
    underWay.removeIf(mark -> ours.test(mark.number()));
    for (Mark mark : underWay) {
      putOptions(mark.base(), mark.next());
      sql.doing(
          "cannot keep a mark",
          () -> {
            marks.keepForRepetition(mark);
            return mark;
          });
    }
    settleUnreadable("p.state = 0 AND " + left, owners, ours, mark -> acknowledge(mark, mark));
    List<Mark> found = toRepeat(left, owners);
    for (Mark mark : found) {
      lease(List.of(mark.base().key()), TAKEN_OVER, ours);
    }
    return found;
  }

  // --- what PostgreSQL does by itself ---

  @Override
  public int acknowledged() {
    return 0;
  }

  @Override
  public Merged merge(long afterKey, int limit) {
    return new Merged(0, 0);
  }

  @Override
  public long checkpoint() {
    return 0; // the server's own business
  }

  @Override
  public void restartLog() {
    // the server's own business
  }

  @Override
  public long logSize() {
    return 0;
  }

  @Override
  public void truncateLog() {
    // the server's own business
  }

  @Override
  public void close() {
    statements.rollBack(); // of a transaction that nobody ended; usually there is none
  }
}
