package io.coagateway.subscriber;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * The records of the NASes that an import leaves alone, on their way into the staged tables. They
 * may be many: they are copied while everybody writes, and what was written meanwhile, which the
 * log of changes names, is copied again; the last time, of little, while nobody can write.
 */
final class PostgresOthers {
  /** So many changes are copied again while gateways wait: some milliseconds. */
  private static final int FEW = 500;

  private static final long NOTHING = -1;

  /** Of the row b, with the array of the NASes that are replaced. */
  private static final String OTHER = "b.nas <> ALL (?)";

  private static final String CHANGED =
      OTHER + " AND (b.nas, b.id) IN (SELECT c.nas, c.id FROM change c WHERE c.number > ?)";

  private static final List<String> FORGET =
      List.of(
          "WITH old AS MATERIALIZED (SELECT v.value, v.attribute, b.key"
              + " FROM staged_subscriber_base b, session_keys(b.session) v WHERE %s)"
              + " DELETE FROM staged_session_key k USING old WHERE k.value = old.value"
              + " AND k.attribute = old.attribute AND k.subscriber = old.key",
          "DELETE FROM staged_supplied s USING staged_subscriber_base b"
              + " WHERE s.subscriber = b.key AND %s",
          "DELETE FROM staged_subscriber_base b WHERE %s");

  private static final List<String> COPY =
      List.of(
          "INSERT INTO staged_subscriber_base (key, "
              + SqlRow.BOUND_COLUMNS
              + ") SELECT key, "
              + SqlRow.BOUND_COLUMNS
              + " FROM subscriber_base b WHERE %s",
          "INSERT INTO staged_supplied SELECT s.* FROM supplied s"
              + " JOIN subscriber_base b ON b.key = s.subscriber WHERE %s",
          "INSERT INTO staged_session_key (value, attribute, subscriber)"
              + " SELECT v.value, v.attribute, b.key FROM subscriber_base b,"
              + " session_keys(b.session) v WHERE v.value IS NOT NULL AND %s"
              + " ON CONFLICT DO NOTHING");

  private final Connection connection;
  private final Object[] replaced;
  private long copied = NOTHING; // the number of the newest change that the staged tables have
  private long reached = NOTHING; // the same with what the transaction under way has copied

  /**
   * @param replaced the NASes whose records are not copied
   */
  PostgresOthers(Connection connection, Set<String> replaced) {
    this.connection = connection;
    this.replaced = replaced.toArray();
  }

  /** Whether what was written since is little. */
  boolean areNearlyCopied() throws SQLException {
    return copied != NOTHING
        && number("SELECT count(*) FROM change WHERE number > " + copied) <= FEW;
  }

  /**
   * Copies all, or what was written since, or all again where the log of changes does not reach
   * back so far. In a transaction that sees one state of the database from its beginning to its
   * end; {@link #kept} tells that it was not undone.
   */
  void copy() throws SQLException {
    long newest = number("SELECT max(number) FROM change");
    boolean again = copied != NOTHING;
    boolean known = again && reachesBack();
    expect(known);
    if (again) {
      run(FORGET, known);
    }
    run(COPY, known);
    reached = newest;
  }

  /** The transaction that copied has been committed. */
  void kept() {
    copied = reached;
  }

  /**
   * Until the end of the transaction, or until told otherwise. Few rows that are sought among many
   * by their names or keys are found by an index; the planner, which has not seen the new tables,
   * and expects thousands of attributes in each session, would read all of them instead, and spend
   * a second on compiling it.
   */
  void expect(boolean few) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String way : List.of("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "jit")) {
        statement.execute("SET LOCAL %s = %s".formatted(way, few ? "off" : "on"));
      }
    }
  }

  /** Whether the log has all changes since, each with a name. */
  private boolean reachesBack() throws SQLException {
    return number("SELECT min(number) FROM change") <= Math.max(copied, 1)
        && number("SELECT count(*) FROM change WHERE nas IS NULL AND number > " + copied) == 0;
  }

  /**
   * @param changed of the records that were written since, otherwise of all
   */
  private void run(List<String> statements, boolean changed) throws SQLException {
    for (String sql : statements) {
      try (PreparedStatement statement =
          connection.prepareStatement(sql.formatted(changed ? CHANGED : OTHER))) {
        statement.setArray(1, connection.createArrayOf("text", replaced));
        if (changed) {
          statement.setLong(2, copied);
        }
        statement.executeUpdate();
      }
    }
  }

  /** The number that the query gives, 0 for none. */
  private long number(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
