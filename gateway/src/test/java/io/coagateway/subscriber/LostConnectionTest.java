package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PostgreSQL server that closes connections, or hands over to another, as its role sees it. */
class LostConnectionTest {
  private TestDatabase database;
  private String role;
  private SubscriberTable table;

  /** A role of its own, so that its settings and its connections are this test's alone. */
  @BeforeEach
  void makeRole() throws SQLException {
    database = TestDatabase.Kind.POSTGRESQL.in(null);
    String schema = database.url().replaceFirst(".*currentSchema=", "");
    role = "role_" + schema;
    database.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(role, PostgresServer.PASSWORD));
    database.execute("GRANT ALL ON SCHEMA %s TO %s".formatted(schema, role));
  }

  private void open() throws Exception {
    table =
        TestTables.open(
            TableParameters.of(
                database.url(),
                ServerAccess.of(Optional.of(role), Optional.of(PostgresServer.PASSWORD), "one")),
            TableObserver.NONE);
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
  }

  /** For a gateway that waits for locks, while no time passes for those who wait for it. */
  private void openPatient() throws Exception {
    ServerAccess access =
        new ServerAccess(
            Optional.of(role),
            Optional.of(PostgresServer.PASSWORD),
            4,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            "one");
    table =
        SubscriberTables.open(
            new TableParameters(
                database.url(), 99, Duration.ofSeconds(20), Duration.ofMillis(20), access),
            TestTables.DICTIONARY,
            TableObserver.NONE,
            Runnable::run,
            () -> 0);
  }

  @AfterEach
  void close() {
    if (table != null) {
      table.close();
    }
  }

  private void set(String setting) throws SQLException {
    database.execute("ALTER ROLE %s SET %s".formatted(role, setting));
  }

  /** When this returns they are gone. */
  private void cutConnections() throws SQLException {
    String cut =
        "SELECT count(CASE usename WHEN '%s' THEN pg_terminate_backend(pid, 20000) END)"
            + " FROM pg_stat_activity";
    assertThat(database.ask(cut.formatted(role))).isNotEqualTo("0");
  }

  /** One that was in use a moment ago is not looked at by the pool. */
  @Test
  void requestsFindOtherConnectionsWhenTheirsWereCut() throws Exception {
    open();
    for (int n = 0; n < 5; n++) {
      SubscriberRecord put = await(table.put(subscriber(n)));
      cutConnections();
      assertThat(await(table.get(NAS, "port-" + n))).contains(put);
      cutConnections();
      PendingChange change =
          await(table.begin(List.of(new OptionChange(put, options("new"))))).get(0);
      cutConnections();
      await(table.confirm(List.of(change)));
    }
  }

  /** It has begun and waits for somebody else; nothing of it was done. */
  @Test
  void aTransactionThatWasCutAtWorkIsDoneOnAnotherConnection() throws Exception {
    openPatient();
    SubscriberRecord base = await(table.put(subscriber(1)));
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN; SELECT 1 FROM supplied FOR UPDATE");
      var put = table.put(base.toBuilder().options(options("new")).build());
      database.untilOneWaits("usename = '" + role + "'");
      // not the others: it would meet another one before all are cut
      String cut =
          "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity"
              + " WHERE wait_event_type = 'Lock' AND usename = '%s'";
      assertThat(database.ask(cut.formatted(role))).isEqualTo("t");
      database.untilOneWaits("usename = '" + role + "'");
      statement.execute("COMMIT");
      assertThat(await(put).options()).isEqualTo(options("new"));
    }
  }

  /**
   * PostgreSQL undoes one of two that wait for each other: here the gateway, who has waited first.
   */
  @Test
  void aTransactionThatWasUndoneToEndADeadlockIsDoneAgain() throws Exception {
    set("deadlock_timeout = '5s'"); // looked for once, by then the other must wait, too
    openPatient();
    SubscriberRecord base = await(table.put(subscriber(1)));
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      statement.execute("SET deadlock_timeout = '60s'");
      statement.execute("BEGIN; SELECT 1 FROM supplied FOR UPDATE");
      var put = table.put(base.toBuilder().options(options("new")).build());
      database.untilOneWaits("usename = '" + role + "'");
      statement.execute("SELECT 1 FROM writing FOR UPDATE"); // when the gateway has let it go
      statement.execute("COMMIT");
      assertThat(await(put).options()).isEqualTo(options("new"));
    }
  }

  /** As by a name that still led to the standby when the pool connected. */
  @Test
  void leavesAServerThatTakesNoWrites() throws Exception {
    open();
    await(table.put(subscriber(1)));
    set("default_transaction_read_only = on");
    cutConnections();
    assertThat(failure(table.put(subscriber(2)))).hasMessageContaining("read-only");
    set("default_transaction_read_only = off"); // for connections from now on
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsMatching(e -> e.getCause() instanceof TableUnavailableException)
        .until(() -> await(table.put(subscriber(3))).id().equals("port-3"));
  }

  /** Which would show a change begun while another writes the table as it was before that. */
  @Test
  void seesWhatCameBeforeItsTurnWhateverTheRolesIsolationIs() throws Exception {
    set("default_transaction_isolation = 'repeatable read'");
    open();
    SubscriberRecord base = await(table.put(subscriber(1)));
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      database.lock(statement);
      statement.execute("UPDATE subscriber SET ias = '[]' WHERE id = 'port-1'");
      var begun = table.begin(List.of(new OptionChange(base, options("new"))));
      database.untilOneWaits("usename = '" + role + "'");
      statement.execute("COMMIT");
      assertThat(failure(begun)).isInstanceOf(StaleRecordException.class);
    }
    assertThat(await(table.find(byUser("user1@example.net"), 2)).get(0).ias()).isEmpty();
  }

  /** Counts how often somebody connects. The driver makes one by its name. */
  public static final class Sockets extends SocketFactory {
    private static final AtomicInteger MADE = new AtomicInteger();

    @Override
    public Socket createSocket() {
      MADE.incrementAndGet();
      return new Socket();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }
  }

  /** As by a name that leads to a standby for long, looked for once a second. */
  @Test
  void doesNotTryEveryConnectionOnAServerThatTakesNoWrites() throws Exception {
    set("default_transaction_read_only = on");
    TableParameters parameters =
        TableParameters.of(
            database.url() + "&socketFactory=" + Sockets.class.getName(),
            new ServerAccess(
                Optional.of(role),
                Optional.of(PostgresServer.PASSWORD),
                40,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                "one"));
    database.open().close(); // makes the tables
    for (String kind : List.of("TABLES", "SEQUENCES")) {
      database.execute(
          "GRANT ALL ON ALL %s IN SCHEMA %s TO %s"
              .formatted(kind, role.substring("role_".length()), role));
    }
    TableStore store = SubscriberTables.store(parameters, TestTables.DICTIONARY, problems -> {});
    try (StoreSession session = store.session()) {
      int before = Sockets.MADE.get();
      assertThatThrownBy(session::begin).hasMessageContaining("read-only");
      assertThat(Sockets.MADE.get() - before).isBetween(1, 9); // the pool keeps two ready
    } finally {
      store.close();
    }
  }

  @Test
  void doesNotWaitAgainForWhoHasNotAnswered() {
    assertThat(PostgresStore.isLost(new SQLException("closed", "08006", new EOFException())))
        .isTrue();
    assertThat(
            PostgresStore.isLost(
                new SQLException("silent", "08006", new SocketTimeoutException("Read timed out"))))
        .isFalse();
  }
}
