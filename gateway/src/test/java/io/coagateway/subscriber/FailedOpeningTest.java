package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an opening that fails leaves behind: nothing, as it is tried again every second. */
class FailedOpeningTest {
  private int opened;
  private int closed;

  @ParameterizedTest
  @ValueSource(strings = {"begin", "recover", "commit", "newestChange", "acknowledged"})
  void closesTheSessionsItHasOpened(String failing, @TempDir Path directory) throws Exception {
    TableParameters parameters = TableParameters.of(TestTables.url(directory));
    TableStore sqlite = SqliteStore.open(parameters, TestTables.DICTIONARY, unreadable -> {});
    TableStore store =
        new TroubledStore(
            sqlite,
            (method, call) -> {
              if (method.equals(failing)) {
                throw new TableUnavailableException(
                    TableUnavailableException.Reason.LOCKED, "the database is locked");
              }
              closed += method.equals("close") ? 1 : 0;
              return call.run();
            }) {
          @Override
          public StoreSession session() throws TableUnavailableException {
            opened++;
            return super.session();
          }
        };
    assertThatThrownBy(
            () ->
                new GroupCommitTable(
                    store, parameters, TableObserver.NONE, Runnable::run, System::nanoTime))
        .isInstanceOf(TableUnavailableException.class);
    assertThat(closed).isEqualTo(opened).isPositive();
  }

  /** The driver would say on stderr what it cannot read, which may be a password. */
  @Test
  void nobodyRepeatsAUrlThatTheDriverCannotRead() {
    List<String> said = new ArrayList<>();
    Handler listening =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            said.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(listening);
    try {
      assertThat(SubscriberTables.isSupported("jdbc:postgresql://gateway:secret/db")).isFalse();
    } finally {
      root.removeHandler(listening);
    }
    assertThat(said).isEmpty();
  }

  @Test
  void closesThePoolOfConnections() throws Exception {
    TestDatabase database = TestDatabase.Kind.POSTGRESQL.in(null);
    database.open().close(); // which makes the schema
    TableParameters impatient =
        new TableParameters(
            database.url(),
            99,
            Duration.ofMillis(50),
            Duration.ofMillis(20),
            database.parameters("late").access());
    try (Connection blocker = database.connect();
        Statement statement = blocker.createStatement()) {
      database.lock(statement);
      assertThatThrownBy(() -> TestTables.open(impatient, TableObserver.NONE))
          .isInstanceOf(TableUnavailableException.class);
      statement.execute("ROLLBACK");
    }
    String connections =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coa-gateway late'";
    await() // for the server to notice
        .atMost(Duration.ofSeconds(10))
        .until(() -> database.ask(connections).equals("0"));
  }

  @Test
  @DisplayName("SCHEMA.md, In PostgreSQL: who may not make the tables is told so, in one line")
  void aRoleThatMayNotMakeTablesIsToldSo() throws Exception {
    TestDatabase database = TestDatabase.Kind.POSTGRESQL.in(null);
    String schema = database.url().replaceFirst(".*currentSchema=", "");
    String role = "reader_" + schema;
    database.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(role, PostgresServer.PASSWORD));
    database.execute("GRANT USAGE ON SCHEMA %s TO %s".formatted(schema, role));
    ServerAccess access =
        ServerAccess.of(Optional.of(role), Optional.of(PostgresServer.PASSWORD), "one");
    assertThatThrownBy(
            () -> TestTables.open(TableParameters.of(database.url(), access), TableObserver.NONE))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessageContaining("permission denied for schema " + schema)
        .hasMessageContaining("let the database belong to it")
        .message()
        .doesNotContain("\n", "Flyway");
  }

  @Test
  @DisplayName("A server that is not reached: why not, which the driver leaves to the cause")
  void whatTheDriverLeavesToTheCauseIsSaid() {
    String driver = "The connection attempt failed.";
    SQLException unknown =
        new SQLException(driver, "08001", new UnknownHostException("db1.example.net"));
    assertThat(PostgresStore.unavailable("cannot commit", unknown))
        .hasMessage("cannot commit: " + driver + " There is no host db1.example.net");
    SQLException cut = new SQLException(driver, "08001", new EOFException());
    assertThat(PostgresStore.unavailable("cannot commit", cut))
        .hasMessage("cannot commit: " + driver + " EOFException");
    SQLException late =
        new SQLException(driver, "08001", new SocketTimeoutException("Connect timed out"));
    assertThat(PostgresStore.unavailable("cannot commit", late))
        .hasMessage("cannot commit: " + driver + " Connect timed out");
    SQLException whole = new SQLException("refused: x", "08001", new IOException("x"));
    assertThat(PostgresStore.unavailable("cannot commit", whole))
        .hasMessage("cannot commit: refused: x");
  }
}
