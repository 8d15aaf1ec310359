package io.coagateway.subscriber;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * New base tables are filled under other names, with the records of other NASes too; the swap puts
 * them behind the views, which copies next to nothing: of a million records it only reads the
 * versions. Nobody waits for what is filled: only the swap writes where others do.
 */
final class PostgresReplacement implements Replacement {
  private static final List<String> TABLES = List.of("subscriber_base", "supplied", "session_key");
  private static final String STAGED = "staged_";
  private static final String OLD = "replaced_";
  private static final String VIEWS = "postgresql/V1.2__views.sql";

  /**
   * So often other NASes' records are copied before the swap; each time is shorter than the last.
   */
  private static final int COPIES = 10;

  private static final int EXCHANGES = 5; // tries

  private final Connection connection;
  private final SqlRow row;
  private final String token = UUID.randomUUID().toString();
  private boolean swapped;

  PostgresReplacement(PostgresStore store) throws SQLException {
    this.connection = store.connect();
    this.row = new SqlRow(store.dictionary(), store.unreadable());
    connection.setNetworkTimeout(Runnable::run, 0); // the swap may take longer than a request
    try {
      transaction(PostgresReplacement::purge);
    } catch (SQLException e) {
      if (PostgresStore.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw new SQLException("another import --replace is at work", e.getSQLState());
      }
      throw e;
    }
    transaction(this::prepare);
  }

  /** Waits for who fills such tables; nobody may have to wait for that. */
  private static void purge(Statement statement) throws SQLException {
    statement.execute("DROP TABLE IF EXISTS staged_by");
    for (String table : TABLES) {
      statement.execute("DROP TABLE IF EXISTS " + STAGED + table);
      statement.execute("DROP TABLE IF EXISTS " + OLD + table);
    }
  }

  private void prepare(Statement statement) throws SQLException {
    statement.execute("SELECT 1 FROM writing FOR UPDATE");
    purge(statement); // of who began at the same moment
    for (String table : TABLES) {
      statement.execute(
          "CREATE TABLE %s (LIKE %s INCLUDING ALL)%s"
              .formatted(STAGED + table, table, settings(statement, table)));
    }
    statement.execute("CREATE TABLE staged_by (token TEXT, version BIGINT)");
    statement.execute("INSERT INTO staged_by VALUES ('%s', nextval('version'))".formatted(token));
  }

  /** What LIKE leaves out: how full its pages are made, and what the administrator has set. */
  private static String settings(Statement statement, String table) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = '%s'::regclass"
                .formatted(table))) {
      String settings = rows.next() ? rows.getString(1) : null;
      return settings == null ? "" : " WITH (" + settings + ")";
    }
  }

  @FunctionalInterface
  private interface Work {
    void run(Statement statement) throws SQLException;
  }

  private void transaction(Work work) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = 0");
      work.run(statement);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  @Override
  public int add(List<SubscriberRecord> records) throws TableUnavailableException {
    Map<RecordKey, SubscriberRecord> latest = new LinkedHashMap<>();
    records.forEach(record -> latest.put(RecordKey.of(record), record));
    int[] again = {records.size() - latest.size()};
    try {
      transaction(
          statement -> {
            requireOurs(statement);
            again[0] += fill(List.copyOf(latest.values()));
          });
    } catch (SQLException e) {
      throw PostgresStore.unavailable("cannot fill the new table", e);
    }
    return again[0];
  }

  /** Another "import --replace" that starts throws away what this one has staged. */
  private void requireOurs(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT to_regclass('staged_by')")) {
      rows.next();
      if (rows.getString(1) != null) {
        try (ResultSet ours =
            statement.executeQuery(
                "SELECT 1 FROM staged_by WHERE token = '" + token + "' FOR UPDATE")) {
          if (ours.next()) {
            return;
          }
        }
      }
    }
    throw new SQLException("another import --replace has started meanwhile; this one gave up");
  }

  /** How many replaced one of an earlier batch. */
  private int fill(List<SubscriberRecord> records) throws SQLException {
    int again = 0;
    long first;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT nextval('subscriber_key')")) {
      rows.next();
      first = rows.getLong(1);
    }
    try (PreparedStatement old =
            connection.prepareStatement(
                "DELETE FROM staged_subscriber_base WHERE nas = ? AND id = ? RETURNING key");
        PreparedStatement base =
            connection.prepareStatement(
                "INSERT INTO staged_subscriber_base (%s) VALUES (%s)"
                    .formatted(SqlRow.BOUND_COLUMNS, SqlRow.BOUND_VALUES));
        PreparedStatement supplied =
            connection.prepareStatement(
                "INSERT INTO staged_supplied (subscriber, version, options, radius)"
                    + " SELECT b.key, s.version, ?, ? FROM staged_subscriber_base b, staged_by s"
                    + " WHERE b.id = ? AND b.nas = ?")) {
      for (SubscriberRecord record : records) {
        old.setString(1, record.nas());
        old.setString(2, record.id());
        again += forget(old);
      }
      for (SubscriberRecord record : records) {
        row.bind(base, 1, record);
        base.addBatch();
      }
      base.executeBatch();
      for (SubscriberRecord record : records) {
        SqlRow.bind(supplied, 1, record.options());
        supplied.setString(3, record.id());
        supplied.setString(4, record.nas());
        supplied.addBatch();
      }
      supplied.executeBatch();
    }
    try (Statement keys = connection.createStatement()) {
      keys.execute(
          "INSERT INTO staged_session_key (value, attribute, subscriber)"
              + " SELECT k.value, k.attribute, b.key FROM staged_subscriber_base b,"
              + " session_keys(b.session) k WHERE k.value IS NOT NULL AND b.key > "
              + first
              + " ON CONFLICT DO NOTHING");
    }
    return again;
  }

  private int forget(PreparedStatement deleting) throws SQLException {
    try (ResultSet rows = deleting.executeQuery()) {
      if (!rows.next()) {
        return 0;
      }
      long key = rows.getLong(1);
      try (Statement statement = connection.createStatement()) {
        statement.execute("DELETE FROM staged_supplied WHERE subscriber = " + key);
        statement.execute("DELETE FROM staged_session_key WHERE subscriber = " + key);
      }
      return 1;
    }
  }

  @Override
  public void swap(Set<String> nases) throws TableUnavailableException {
    PostgresOthers others = new PostgresOthers(connection, nases);
    try {
      for (int i = 0; i < COPIES && !others.areNearlyCopied(); i++) {
        transaction(
            statement -> {
              statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
              requireOurs(statement);
              others.copy();
            });
        others.kept();
      }
      try (Statement statement = connection.createStatement()) {
        for (String table : TABLES) {
          statement.execute("ANALYZE " + STAGED + table);
        }
      }
      exchange(nases, others);
      swapped = true;
      transaction(
          statement -> {
            for (String table : TABLES) {
              statement.execute("DROP TABLE IF EXISTS " + OLD + table);
            }
          });
    } catch (SQLException e) {
      throw PostgresStore.unavailable("cannot put the new table in place", e);
    }
  }

  /**
   * Puts the new tables in place. A program that reads and then writes in one transaction may meet
   * a deadlock with that, which undoes one of the two; nothing is lost with ours.
   */
  private void exchange(Set<String> nases, PostgresOthers others) throws SQLException {
    for (int i = 1; ; i++) {
      try {
        transaction(
            statement -> {
              keepFromView(statement);
              statement.execute("SELECT 1 FROM writing FOR UPDATE");
              requireOurs(statement);
              others.expect(true);
              renumber(nases);
              others.copy();
              keepMarks(statement);
              exchange(statement);
            });
        return;
      } catch (SQLException e) {
        if (i == EXCHANGES || !PostgresStore.DEADLOCK.equals(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  /**
   * Lets nobody begin to write through the view, and waits for who has: such a program holds the
   * tables behind it, which are about to be renamed, while it waits for its turn to write. The
   * first of the view's triggers made anew locks the view in just that way, and no table behind it,
   * as LOCK TABLE would; those belong to gateways that have their turn.
   */
  private static void keepFromView(Statement statement) throws SQLException {
    String script = Migration.script(VIEWS);
    int start = script.indexOf("CREATE OR REPLACE TRIGGER subscriber_insert INSTEAD OF");
    statement.execute(script.substring(start, script.indexOf(';', start)));
  }

  /**
   * What was staged has the number that was new when staging began. A record that has been written
   * since, or has a mark since, or was removed since, gets a newer one: its version must not go
   * back. Where the log of changes does not reach back to the beginning of staging, who was removed
   * is not known: then all get it.
   */
  private void renumber(Set<String> nases) throws SQLException {
    String sql =
        "WITH fresh AS MATERIALIZED (SELECT nextval('version') AS version),"
            + " since AS (SELECT s.subscriber FROM supplied s, staged_by b"
            + " WHERE s.version > b.version"
            + " UNION SELECT p.subscriber FROM pending p, staged_by b WHERE p.mark > b.version),"
            + " named AS (SELECT o.nas, o.id FROM since"
            + " JOIN subscriber_base o ON o.key = since.subscriber"
            + " UNION SELECT c.nas, c.id FROM change c, staged_by b WHERE c.version > b.version"
            + " UNION SELECT s.nas, s.id FROM staged_subscriber_base s WHERE"
            + " (SELECT c.number > 1 AND c.version > b.version FROM change c, staged_by b"
            + " ORDER BY c.number LIMIT 1))"
            + " UPDATE staged_supplied t SET version = fresh.version FROM fresh, named"
            + " JOIN staged_subscriber_base n ON n.nas = named.nas AND n.id = named.id"
            + " WHERE t.subscriber = n.key AND n.nas = ANY (?)";
    try (PreparedStatement renumber = connection.prepareStatement(sql)) {
      renumber.setArray(1, connection.createArrayOf("text", nases.toArray()));
      renumber.executeUpdate();
    }
  }

  /** Changes under way go on, and so do leases; they know a subscriber by its key. */
  private static void keepMarks(Statement statement) throws SQLException {
    for (String table : List.of("pending", "lease")) {
      statement.execute(
          "UPDATE %s t SET subscriber = n.key FROM subscriber_base o".formatted(table)
              + " JOIN staged_subscriber_base n ON n.nas = o.nas AND n.id = o.id"
              + " WHERE o.key = t.subscriber AND o.key <> n.key");
      statement.execute(
          "DELETE FROM %s t WHERE NOT EXISTS (SELECT 1 FROM staged_subscriber_base n"
                  .formatted(table)
              + " WHERE n.key = t.subscriber)");
    }
  }

  private static void exchange(Statement statement) throws SQLException {
    for (String table : TABLES) {
      statement.execute("ALTER TABLE %s RENAME TO %s".formatted(table, OLD + table));
      statement.execute("ALTER TABLE %s RENAME TO %s".formatted(STAGED + table, table));
    }
    statement.execute(Migration.script(VIEWS));
    statement.execute("DROP TABLE staged_by");
    statement.execute("INSERT INTO change (version) VALUES (nextval('version'))");
  }

  @Override
  public void close() {
    try {
      if (!swapped) {
        transaction(
            statement -> {
              requireOurs(statement);
              statement.execute("DROP TABLE staged_by");
              for (String table : TABLES) {
                statement.execute("DROP TABLE " + STAGED + table);
              }
            });
      }
    } catch (SQLException e) {
      // the next import --replace clears it away
    }
    try {
      connection.close();
    } catch (SQLException e) {
      // The pool throws away what it cannot use again.
    }
  }
}
