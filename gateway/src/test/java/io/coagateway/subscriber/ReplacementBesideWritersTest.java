package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code table import --replace} in a PostgreSQL that other NASes share, whose gateways go on. */
class ReplacementBesideWritersTest {
  private final ExecutorService importing = Executors.newSingleThreadExecutor();
  private TestDatabase database;
  private TableTransfer transfer;

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.Kind.POSTGRESQL.in(null);
    TableParameters patient =
        new TableParameters(
            database.url() + "&options=-c%20deadlock_timeout=3s",
            99,
            Duration.ofSeconds(20),
            Duration.ofMillis(20),
            database.parameters().access());
    transfer = SubscriberTables.transfer(patient, TestTables.DICTIONARY, problems -> {});
    transfer.merge(IntStream.range(0, 3).mapToObj(TestTables::subscriber).toList());
    transfer.merge(IntStream.range(0, 6).mapToObj(n -> of("nas2", n)).toList());
  }

  @AfterEach
  void close() {
    importing.shutdownNow();
    transfer.close();
  }

  private static SubscriberRecord of(String nas, int n) {
    SubscriberRecord record = subscriber(n);
    return SubscriberRecord.builder(nas, record.id(), record.duid(), record.linkAddress())
        .session(record.session())
        .options(record.options())
        .build();
  }

  private Future<?> swap(TableTransfer.Replacing next) {
    return importing.submit(
        () -> {
          next.swap(Set.of(NAS));
          return next;
        });
  }

  /** Every kind of write; then some that the log of changes does not know any more. */
  private static void write(Statement statement, boolean forgotten) throws SQLException {
    statement.execute(
        "UPDATE subscriber SET options = '\\x03e8000161' WHERE nas = 'nas2' AND id = 'port-1';"
            + "DELETE FROM subscriber WHERE nas = 'nas2' AND id = 'port-2';"
            + "INSERT INTO subscriber (nas, id, duid, link_address, session)"
            + " SELECT nas, 'new', duid, link_address, '{\"User-Name\":[\"new\",\"NEW\"]}'"
            + " FROM subscriber WHERE nas = 'nas2' AND id = 'port-3';"
            + "UPDATE subscriber SET nas = 'nas3' WHERE nas = 'nas2' AND id = 'port-4';"
            + "UPDATE subscriber SET session = '{}' WHERE nas = 'nas2' AND id = 'port-5'");
    if (forgotten) {
      statement.execute("DELETE FROM change WHERE number < (SELECT max(number) FROM change)");
    }
  }

  private static String others(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT string_agg(s::text || (SELECT coalesce(string_agg(k::text, ' ' ORDER BY"
                + " k::text), '') FROM session_key k WHERE k.subscriber = s.key), ', ' ORDER BY"
                + " nas, id) FROM subscriber s WHERE nas <> '"
                + NAS
                + "'")) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** What a gateway waits for depends on what was written meanwhile, not on how many there are. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void copiesOtherNasesBeforeItsTurnAndThenWhatWasWrittenMeanwhile(boolean forgotten)
      throws Exception {
    try (TableTransfer.Replacing next = transfer.replace();
        Connection other = database.connect();
        Statement statement = other.createStatement()) {
      next.add(List.of(subscriber(9)));
      statement.execute("BEGIN; UPDATE subscriber SET ias = '[]' WHERE id = 'port-0'");
      Future<?> swapped = swap(next);
      database.untilOneWaits("query LIKE 'CREATE OR REPLACE TRIGGER%'");
      assertThat(database.ask("SELECT count(*) FROM staged_subscriber_base WHERE nas = 'nas2'"))
          .isEqualTo("6");
      write(statement, forgotten);
      String written = others(statement);
      statement.execute("COMMIT");
      swapped.get(20, TimeUnit.SECONDS);
      assertThat(others(statement)).isEqualTo(written).contains("(nas3,port-4");
    }
    assertThat(database.ask("SELECT string_agg(id, ' ') FROM subscriber WHERE nas = '" + NAS + "'"))
        .isEqualTo("port-9");
    assertThat(database.ask("SELECT count(*) FROM session_key")).isEqualTo("16");
  }

  /** He has read what is about to be replaced, and must not wait for whom he keeps waiting. */
  @Test
  void whoWritesThroughTheViewMeanwhileWaitsForItsEnd() throws Exception {
    database.execute(
        "INSERT INTO pending (mark, subscriber, state, options) VALUES (1000000, 1000000, 2, '')");
    ExecutorService writing = Executors.newSingleThreadExecutor();
    try (TableTransfer.Replacing next = transfer.replace();
        Connection other = database.connect();
        Statement holdingUp = other.createStatement()) {
      next.add(List.of(subscriber(9)));
      holdingUp.execute("BEGIN; SELECT 1 FROM pending FOR UPDATE");
      Future<?> swapped = swap(next);
      database.untilOneWaits("query LIKE 'DELETE FROM pending%'"); // near its end
      Future<Integer> written =
          writing.submit(() -> database.execute("UPDATE subscriber SET ias = '[1]'"));
      database.untilOneWaits("query LIKE 'UPDATE subscriber SET ias%'");
      holdingUp.execute("COMMIT");
      swapped.get(20, TimeUnit.SECONDS);
      assertThat(written.get(20, TimeUnit.SECONDS)).as("records of both NASes").isEqualTo(7);
    } finally {
      writing.shutdownNow();
    }
  }

  /** Which only one of the two who wait for each other sees, whoever has waited for that time. */
  @Test
  void isTriedAgainWhereItWasUndoneToEndADeadlock() throws Exception {
    try (TableTransfer.Replacing next = transfer.replace();
        Connection other = database.connect();
        Statement statement = other.createStatement()) {
      next.add(List.of(subscriber(9)));
      statement.execute("SET deadlock_timeout = '60s'");
      statement.execute("BEGIN; SELECT count(*) FROM subscriber");
      Future<?> swapped = swap(next);
      database.untilOneWaits("query LIKE 'ALTER TABLE%'");
      assertThat(statement.executeUpdate("UPDATE subscriber SET ias = '[1]'")).isEqualTo(9);
      statement.execute("COMMIT");
      swapped.get(20, TimeUnit.SECONDS);
    }
    assertThat(database.ask("SELECT count(*) FROM subscriber WHERE ias = '[1]'")).isEqualTo("6");
  }

  /** What the undone try had copied is not in the new tables. */
  @Test
  void copiesAgainWhatWasWrittenBeforeItWasUndone() throws Exception {
    try (TableTransfer.Replacing next = transfer.replace();
        Connection one = database.connect();
        Statement writing = one.createStatement();
        Connection other = database.connect();
        Statement reading = other.createStatement()) {
      next.add(List.of(subscriber(9)));
      reading.execute("SET deadlock_timeout = '60s'");
      reading.execute("BEGIN; SELECT count(*) FROM subscriber");
      writing.execute(
          "BEGIN; UPDATE subscriber SET ias = '[1]' WHERE nas = 'nas2' AND id = 'port-1'");
      Future<?> swapped = swap(next);
      database.untilOneWaits("query LIKE 'CREATE OR REPLACE TRIGGER%'");
      writing.execute("COMMIT");
      database.untilOneWaits("query LIKE 'ALTER TABLE%'");
      reading.executeUpdate(
          "UPDATE subscriber SET ias = '[1]' WHERE nas = 'nas2' AND id = 'port-3'");
      reading.execute("COMMIT");
      swapped.get(20, TimeUnit.SECONDS);
    }
    assertThat(
            database.ask(
                "SELECT string_agg(id, ' ' ORDER BY id) FROM subscriber WHERE ias = '[1]'"))
        .isEqualTo("port-1 port-3");
  }

  @Test
  void anotherImportThatStartsKeepsNobodyWaitingForTheFirst() throws Exception {
    try (TableTransfer.Replacing next = transfer.replace();
        Connection first = database.connect();
        Statement filling = first.createStatement();
        TableTransfer second = database.transfer()) {
      next.add(List.of(subscriber(9)));
      filling.execute("BEGIN; SELECT 1 FROM staged_by FOR UPDATE");
      Future<?> refused =
          importing.submit(
              () ->
                  assertThatThrownBy(second::replace)
                      .isInstanceOf(TableUnavailableException.class)
                      .hasMessageContaining("another import --replace is at work"));
      database.untilOneWaits("query LIKE 'DROP TABLE%'");
      assertThat(database.ask("SELECT 1 FROM writing FOR UPDATE NOWAIT")).isEqualTo("1");
      refused.get(20, TimeUnit.SECONDS);
      filling.execute("ROLLBACK");
      next.swap(Set.of(NAS));
    }
    assertThat(database.ask("SELECT count(*) FROM subscriber WHERE nas = '" + NAS + "'"))
        .isEqualTo("1");
  }
}
