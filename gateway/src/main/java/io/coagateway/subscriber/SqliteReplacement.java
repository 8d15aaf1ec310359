package io.coagateway.subscriber;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * New base tables are filled under other names, in short transactions; the swap renames them, which
 * copies nothing: of a million records it only reads the versions. What was there before is then
 * deleted in slices.
 */
final class SqliteReplacement implements Replacement {
  private static final String ADD_BASE =
      "INSERT INTO staged_subscriber_base (%s) VALUES (%s)"
          .formatted(SqlRow.BOUND_COLUMNS, SqlRow.BOUND_VALUES);

  private static final List<String> TABLES = List.of("subscriber_base", "supplied", "session_key");
  private static final String STAGED = "staged_";
  private static final String OLD = "replaced_";
  private static final int SLICE = 1000;

  /**
   * So long the database is left to others after each slice: who waits for a lock of SQLite's asks
   * for it now and then, and would hardly ever find it free between two.
   */
  private static final long PAUSE_NANOS = 5_000_000;

  private static final String FOLDED =
      "lower(replace(replace(replace(v.value, '-', ''), ':', ''), '.', ''))";

  /** What other programs write may have a value that stands alone. */
  private static final String VALUES =
      "CASE a.type WHEN 'array' THEN a.value ELSE json_array(a.value) END";

  private final SqliteStore store;
  private final Connection connection;
  private final SqlRow row;
  private final String token = UUID.randomUUID().toString().replace("-", "");
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private boolean swapped;

  SqliteReplacement(SqliteStore store, Connection connection)
      throws SQLException, TableUnavailableException {
    this.store = store;
    this.connection = connection;
    this.row = new SqlRow(store.dictionary(), store.unreadable());
    purge(OLD);
    purge(STAGED);
    transaction(
        statement -> {
          for (String table : TABLES) {
            statement.executeUpdate(definition(table).replace(table, STAGED + table));
          }
          statement.executeUpdate(
              "CREATE INDEX subscriber_duid_%s ON staged_subscriber_base (duid)".formatted(token));
          statement.executeUpdate("CREATE TABLE staged_by (token TEXT, version INTEGER)");
          statement.executeUpdate("UPDATE sequence SET last = last + 1");
          statement.executeUpdate(
              "INSERT INTO staged_by SELECT '%s', last FROM sequence".formatted(token));
        });
  }

  /** The statement of V1__tables.sql that makes a table. */
  private static String definition(String table) {
    String script = Migration.script("sqlite/V1__tables.sql");
    int start = script.indexOf("CREATE TABLE " + table + " (");
    return script.substring(start, script.indexOf(";\n", start) + 1);
  }

  @FunctionalInterface
  private interface Work {
    void run(Statement statement) throws SQLException;
  }

  private void transaction(Work work) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        work.run(statement);
        statement.execute("COMMIT");
      } catch (SQLException e) {
        rollBack(statement);
        throw e;
      }
    }
  }

  private static void rollBack(Statement statement) {
    try {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself when the disk is full or an I/O error came.
    }
  }

  @Override
  public int add(List<SubscriberRecord> records) throws TableUnavailableException {
    int[] again = {0};
    try {
      transaction(
          statement -> {
            requireOurs(statement);
            for (SubscriberRecord record : records) {
              again[0] += add(record);
            }
          });
      boundLog();
    } catch (SQLException e) {
      throw SqliteStore.unavailable("cannot fill the new table", e);
    }
    return again[0];
  }

  /** Another "import --replace" that starts throws away what this one has staged. */
  private void requireOurs(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery("SELECT count(*) FROM staged_by WHERE token = '" + token + "'")) {
      if (rows.getInt(1) == 0) {
        throw new SQLException("another import --replace has started meanwhile; this one gave up");
      }
    }
  }

  private int add(SubscriberRecord record) throws SQLException {
    PreparedStatement old =
        prepared("DELETE FROM staged_subscriber_base WHERE nas = ? AND id = ? RETURNING key");
    old.setString(1, record.nas());
    old.setString(2, record.id());
    int before = forget(old);
    PreparedStatement base = prepared(ADD_BASE);
    row.bind(base, 1, record);
    base.executeUpdate();
    PreparedStatement supplied =
        prepared(
            "INSERT INTO staged_supplied (subscriber, version, options, radius)"
                + " SELECT last_insert_rowid(), version, ?, ? FROM staged_by");
    SqlRow.bind(supplied, 1, record.options());
    supplied.executeUpdate();
    PreparedStatement keys =
        prepared(
            "INSERT OR IGNORE INTO staged_session_key (value, attribute, subscriber) SELECT "
                + FOLDED
                + ", a.key, b.key FROM staged_subscriber_base b, json_each(b.session) a,"
                + " json_each(a.value) v WHERE b.nas = ? AND b.id = ?");
    keys.setString(1, record.nas());
    keys.setString(2, record.id());
    keys.executeUpdate();
    return before;
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      statements.put(sql, known);
    }
    return known;
  }

  private int forget(PreparedStatement deleting) throws SQLException {
    try (ResultSet rows = deleting.executeQuery()) {
      if (!rows.next()) {
        return 0;
      }
      long key = rows.getLong(1);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("DELETE FROM staged_supplied WHERE subscriber = " + key);
        statement.executeUpdate("DELETE FROM staged_session_key WHERE subscriber = " + key);
      }
      return 1;
    }
  }

  @Override
  public void swap(Set<String> nases) throws TableUnavailableException {
    try {
      closeStatements();
      transaction(
          statement -> {
            requireOurs(statement);
            statement.executeUpdate("UPDATE sequence SET last = last + 1");
            renumber(statement);
            keepOthers(statement, nases);
            keepMarks(statement);
            exchange(statement);
          });
      swapped = true;
      purge(OLD);
    } catch (SQLException e) {
      throw SqliteStore.unavailable("cannot put the new table in place", e);
    }
  }

  /**
   * What was staged has the number that was new when staging began. A record that has been written
   * since, or has a mark since, or was removed since, gets the newest one: its version must not go
   * back. Where the log of changes does not reach back to the beginning of staging, who was removed
   * is not known: then all get it.
   */
  private static void renumber(Statement statement) throws SQLException {
    statement.executeUpdate(
        "UPDATE staged_supplied SET version = (SELECT last FROM sequence) WHERE subscriber IN ("
            + "SELECT n.key FROM subscriber_base o"
            + " JOIN staged_subscriber_base n ON n.nas = o.nas AND n.id = o.id WHERE o.key IN ("
            + "SELECT subscriber FROM supplied WHERE version > (SELECT version FROM staged_by)"
            + " UNION SELECT subscriber FROM pending"
            + " WHERE mark > (SELECT version FROM staged_by))"
            + " UNION SELECT n.key FROM change c"
            + " JOIN staged_subscriber_base n ON n.nas = c.nas AND n.id = c.id"
            + " WHERE c.version > (SELECT version FROM staged_by))"
            + " OR (SELECT number > 1 AND version > (SELECT version FROM staged_by)"
            + " FROM change ORDER BY number LIMIT 1)");
  }

  /** What it takes depends on how many they are alone: nobody can write meanwhile. */
  private static void keepOthers(Statement statement, Set<String> nases) throws SQLException {
    String replaced =
        nases.stream()
            .map(nas -> "'" + nas.replace("'", "''") + "'")
            .collect(Collectors.joining(", ", "(", ")"));
    long last;
    try (ResultSet rows = statement.executeQuery("SELECT max(key) FROM staged_subscriber_base")) {
      last = rows.getLong(1);
    }
    statement.executeUpdate( // found by the index of names, which is short
        "INSERT INTO staged_subscriber_base (%s) SELECT %s FROM subscriber_base WHERE key IN"
                .formatted(SqlRow.BOUND_COLUMNS, SqlRow.BOUND_COLUMNS)
            + " (SELECT key FROM subscriber_base WHERE nas NOT IN "
            + replaced
            + ")");
    String kept =
        " FROM staged_subscriber_base n CROSS JOIN %s WHERE n.key > " + last; // in this order
    statement.executeUpdate(
        "INSERT INTO staged_supplied (subscriber, version, options, radius)"
            + " SELECT n.key, o.version, o.options, o.radius"
            + kept.formatted("subscriber o ON o.nas = n.nas AND o.id = n.id"));
    statement.executeUpdate(
        "INSERT OR IGNORE INTO staged_session_key (value, attribute, subscriber) SELECT "
            + FOLDED
            + ", a.key, n.key"
            + kept.formatted("json_each(n.session) a CROSS JOIN json_each(" + VALUES + ") v"));
  }

  /** Changes under way go on; acknowledged ones are in the view's options, or replaced. */
  private static void keepMarks(Statement statement) throws SQLException {
    statement.executeUpdate("DELETE FROM pending WHERE state = 1");
    statement.executeUpdate(
        "UPDATE pending SET subscriber = ifnull((SELECT n.key FROM subscriber_base o"
            + " JOIN staged_subscriber_base n ON n.nas = o.nas AND n.id = o.id"
            + " WHERE o.key = pending.subscriber), 0)");
    statement.executeUpdate("DELETE FROM pending WHERE subscriber = 0");
  }

  private static void exchange(Statement statement) throws SQLException {
    for (String view : List.of("subscriber", "relay_options")) {
      statement.executeUpdate("DROP VIEW " + view);
    }
    for (String trigger : List.of("insert", "session", "delete")) {
      statement.executeUpdate("DROP TRIGGER subscriber_base_" + trigger);
    }
    for (String table : TABLES) {
      statement.executeUpdate("ALTER TABLE %s RENAME TO %s".formatted(table, OLD + table));
      statement.executeUpdate("ALTER TABLE %s RENAME TO %s".formatted(STAGED + table, table));
    }
    statement.executeUpdate(Migration.script("sqlite/V1.1__views.sql"));
    statement.executeUpdate("DROP TABLE staged_by");
    statement.executeUpdate(
        "INSERT INTO change (nas, id, version) SELECT NULL, NULL, last FROM sequence");
  }

  /** Deletes tables slice by slice, so that nobody waits long for the database. */
  private void purge(String prefix) throws SQLException {
    for (String table : TABLES) {
      if (exists(prefix + table)) {
        String name = prefix + table;
        String key =
            switch (table) {
              case "subscriber_base" -> "key";
              case "supplied" -> "subscriber";
              default -> "(value, attribute, subscriber)";
            };
        String columns = key.replace("(", "").replace(")", "");
        int[] deleted = {SLICE};
        while (deleted[0] == SLICE) {
          transaction(
              statement ->
                  deleted[0] =
                      statement.executeUpdate(
                          "DELETE FROM %s WHERE %s IN (SELECT %s FROM %s LIMIT %d)"
                              .formatted(name, key, columns, name, SLICE)));
          boundLog();
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        transaction(statement -> statement.executeUpdate("DROP TABLE " + name));
      }
    }
    transaction(statement -> statement.executeUpdate("DROP TABLE IF EXISTS staged_by"));
  }

  /** As in {@link TableTransfer}. */
  private void boundLog() throws SQLException {
    if (store.file().logSize() > TableTransfer.LOG_LIMIT) {
      store.checkpoint(connection, "PASSIVE");
      store.checkpoint(connection, "TRUNCATE");
    }
  }

  private boolean exists(String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM sqlite_schema WHERE name = '" + table + "'")) {
      return rows.getInt(1) == 1;
    }
  }

  private void closeStatements() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
    statements.clear();
  }

  @Override
  public void close() {
    try (Statement statement = connection.createStatement()) {
      closeStatements();
      if (!swapped && exists("staged_by")) {
        requireOurs(statement);
        purge(STAGED);
      }
    } catch (SQLException e) {
      // the next import --replace clears it away
    } finally {
      SqliteStore.disconnect(connection);
    }
  }
}
