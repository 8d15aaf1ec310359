package io.coagateway.subscriber;

import static org.awaitility.Awaitility.await;

import io.coagateway.machine.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The database of one test, empty at first: the tests of the table are the same for every kind.
 * Where SQL has dialects a test speaks SQLite's, and {@link #translated} puts it into PostgreSQL's.
 */
final class TestDatabase {
  /** Which databases there are. */
  enum Kind {
    SQLITE,
    POSTGRESQL,
    /** None: for what can be tested without another program at the database. */
    MEMORY;

    /** A new one. */
    TestDatabase in(Path directory) {
      return new TestDatabase(
          switch (this) {
            case SQLITE -> TestTables.url(directory);
            case POSTGRESQL -> PostgresServer.get().newSchema();
            case MEMORY -> TableParameters.MEMORY;
          });
    }
  }

  private final String url;

  private TestDatabase(String url) {
    this.url = url;
  }

  /** The one that another process knows by this URL. */
  static TestDatabase at(String url) {
    return new TestDatabase(url);
  }

  String url() {
    return url;
  }

  boolean isSqlite() {
    return url.startsWith(SubscriberTables.SQLITE);
  }

  TableParameters parameters() {
    return parameters("gateway-1");
  }

  /** As another gateway that shares the table. */
  TableParameters parameters(String gateway) {
    return isSqlite() || url.equals(TableParameters.MEMORY)
        ? TableParameters.of(url)
        : TableParameters.of(
            url,
            ServerAccess.of(
                Optional.of(PostgresServer.USER), Optional.of(PostgresServer.PASSWORD), gateway));
  }

  TableParameters parameters(int queueLimit, Duration lockTimeout, Duration pollInterval) {
    return new TableParameters(url, queueLimit, lockTimeout, pollInterval, parameters().access());
  }

  SubscriberTable open() throws TableUnavailableException {
    return open(TableObserver.NONE);
  }

  SubscriberTable open(TableObserver observer) throws TableUnavailableException {
    return TestTables.open(parameters(), observer);
  }

  TableTransfer transfer() throws TableUnavailableException {
    return SubscriberTables.transfer(parameters(), TestTables.DICTIONARY, problems -> {});
  }

  /** Another program with the database: plain SQL, plain driver settings. */
  Connection connect() throws SQLException {
    if (!isSqlite()) {
      return PostgresServer.connect(url);
    }
    Connection connection = DriverManager.getConnection(url);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
    }
    return connection;
  }

  /** The first value of the answer; empty when there is no row. */
  String ask(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(translated(sql))) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  int execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(translated(sql));
    }
  }

  /** What the database's own command line program prints: sqlite3 or psql. */
  String shell(String sql) throws IOException {
    if (!isSqlite()) {
      return PostgresServer.get().psql(url, translated(sql));
    }
    Path sqlite3 = Path.of("/usr/bin/sqlite3");
    TestMachine.needs(Files.isExecutable(sqlite3), "Debian's sqlite3");
    String file = url.substring(SubscriberTables.SQLITE.length());
    return PostgresServer.run(List.of(sqlite3.toString(), "-cmd", ".timeout 5000", file, sql));
  }

  /** The database takes no new record of that id, whoever writes it. */
  void refuse(String id) throws SQLException {
    execute(
        isSqlite()
            ? "CREATE TRIGGER refused BEFORE INSERT ON subscriber_base WHEN NEW.id = '%s' BEGIN SELECT RAISE(ABORT, 'refused'); END"
                .formatted(id)
            : "ALTER TABLE subscriber_base ADD CONSTRAINT refused CHECK (id <> '%s')"
                .formatted(id));
  }

  /** Keeps every other writer waiting until COMMIT or ROLLBACK. */
  void lock(Statement statement) throws SQLException {
    statement.execute(isSqlite() ? "BEGIN IMMEDIATE" : "BEGIN");
    if (!isSqlite()) {
      statement.execute("SELECT 1 FROM writing FOR UPDATE");
    }
  }

  /**
   * Waits until one statement waits for a lock of PostgreSQL's.
   *
   * @param condition on its row of pg_stat_activity
   */
  void untilOneWaits(String condition) {
    String waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND ";
    await().atMost(Duration.ofSeconds(20)).until(() -> ask(waiting + condition).equals("1"));
  }

  /** Fails when the database is not sound, as far as it can tell. */
  String integrity() throws SQLException {
    return isSqlite() ? ask("PRAGMA integrity_check") : "ok";
  }

  /** How many tables, views and indexes have a name that begins like this. */
  String countNamed(String prefix) throws SQLException {
    return ask(
        isSqlite()
            ? "SELECT count(*) FROM sqlite_schema WHERE name LIKE '" + prefix + "%'"
            : "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
                + " AND tablename LIKE '"
                + prefix
                + "%'");
  }

  private String translated(String sql) {
    return isSqlite()
        ? sql
        : sql.replaceAll("x'([0-9a-f]*)'", "'\\\\x$1'::bytea")
            .replaceAll(
                "(?i)cast\\((substr\\(options, 5\\)) AS TEXT\\)", "convert_from($1, 'UTF8')")
            .replace("AS BLOB", "AS BYTEA")
            .replace("json_object(", "json_build_object(");
  }
}
