package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A relay writes beside the gateway, with the statements of gateway/SCHEMA.md. */
@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class ForeignWriterTest {
  private static final String INSERT =
      "INSERT INTO subscriber (nas, id, duid, link_address, session, ias, options) VALUES"
          + " ('nas1.example.net', 'port-%d', x'0003000102005e100007',"
          + " x'20010db8000000070000000000000001', '{\"User-Name\":[\"user%d@example.net\"]}',"
          + " '[{\"type\":\"IA_NA\",\"iaid\":1,\"leases\":[\"2001:db8:0:7::1000\"]}]',"
          + " x'03e800016f')";

  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private TestDatabase database;
  private SubscriberTable table;
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private final List<SubscriberRecord> putBack = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() throws Exception {
    database = kind.in(directory);
    table =
        database.open(
            new TableObserver() {
              @Override
              public void unreadable(List<String> found) {
                problems.addAll(found);
              }

              @Override
              public void optionsPutBack(SubscriberRecord record) {
                putBack.add(record);
              }
            });
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
  }

  @AfterEach
  void close() {
    table.close();
  }

  private List<SubscriberRecord> find(int n) throws Exception {
    return await(table.find(byUser("user" + n + "@example.net"), 9));
  }

  @Test
  void itsInsertIsFoundByTheVeryNextLookup() throws Exception {
    database.execute(INSERT.formatted(5, 5));
    assertThat(find(5)).hasSize(1);
    assertThat(find(5).get(0).options()).isEqualTo(options("o"));
  }

  @Test
  void itsInsertReplacesARecordOfTheSameName() throws Exception {
    long version = await(table.put(subscriber(5))).version();
    database.execute(INSERT.formatted(5, 6));
    assertThat(find(6)).hasSize(1);
    assertThat(find(6).get(0).version()).isGreaterThan(version);
    await().atMost(Duration.ofSeconds(20)).until(() -> find(5).isEmpty());
  }

  @Test
  @DisplayName("a write of ours does not pass over what another wrote since the last look")
  void isSeenBehindAWriteOfOurs() throws Exception {
    table.close();
    table =
        TestTables.open(
            database.parameters(100, Duration.ofSeconds(5), Duration.ofHours(1)),
            TableObserver.NONE);
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
    database.execute(INSERT.formatted(5, 5));
    await(table.put(subscriber(1)));
    assertThat(table.status().records()).as("the next look is an hour away").isEqualTo(1);
    await(table.get(NAS, "port-1")); // each lookup in the database is a look at the log, too
    assertThat(table.status().records()).isEqualTo(2);
    await(CompletableFuture.runAsync(table::close)); // without waiting for that hour
  }

  @Test
  void itsUpdateAndDeleteAreSeenWithinThePollInterval() throws Exception {
    database.execute(INSERT.formatted(5, 5));
    find(5);
    database.execute("UPDATE subscriber SET options = x'03e8000170' WHERE id = 'port-5'");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> find(5).get(0).options().equals(options("p")));
    database.execute("DELETE FROM subscriber WHERE id = 'port-5'");
    await().atMost(Duration.ofSeconds(20)).until(() -> find(5).isEmpty());
  }

  @Test
  void itsGuardedUpdateTellsWhetherItDidAnything() throws Exception {
    long version = await(table.put(subscriber(5))).version();
    String update =
        "UPDATE subscriber SET ias = '[]' WHERE id = 'port-5' AND version = %d RETURNING id";
    assertThat(database.ask(update.formatted(version))).isEqualTo("port-5");
    assertThat(database.ask(update.formatted(version))).isEmpty();
  }

  @Test
  void anUpdateOfTheLeasesKeepsAnAcknowledgedChangeOfTheOptions() throws Exception {
    SubscriberRecord record = await(table.put(subscriber(5)));
    PendingChange change = begun(record);
    await(table.confirm(List.of(change)));
    database.execute("UPDATE subscriber SET ias = '[]' WHERE id = 'port-5'");
    SubscriberRecord after = await(table.get(NAS, "port-5")).orElseThrow();
    assertThat(after.options()).isEqualTo(options("new"));
    assertThat(after.ias()).isEmpty();
    assertThat(after.version()).isGreaterThan(change.mark());
  }

  private PendingChange begun(SubscriberRecord record) throws Exception {
    return await(table.begin(List.of(new OptionChange(record, options("new"))))).get(0);
  }

  /** The record of subscriber 5 is port-6 now, and that of subscriber 7 has its name. */
  private void renameWithAnotherInItsPlace() throws Exception {
    database.execute("UPDATE subscriber SET id = 'port-6' WHERE id = 'port-5'");
    database.execute(INSERT.formatted(5, 7));
  }

  /** Left behind, the mark would win over all later changes when these are in their record. */
  @Test
  void aChangeUnderWayFollowsItsRecordToAnotherName() throws Exception {
    SubscriberRecord record = await(table.put(subscriber(5)));
    PendingChange change = begun(record);
    renameWithAnotherInItsPlace();
    await(table.confirm(List.of(change)));
    assertThat(await(table.get(NAS, "port-6")).orElseThrow().options()).isEqualTo(options("new"));
    assertThat(await(table.get(NAS, "port-5")).orElseThrow().options()).isEqualTo(options("o"));
    assertThat(find(5)).extracting(SubscriberRecord::id).containsExactly("port-6");
    assertThat(database.ask("SELECT count(*) FROM pending WHERE state = 0")).isEqualTo("0");
  }

  @Test
  void aChangeThatIsPutBackIsToldOfItsRecordByItsName() throws Exception {
    SubscriberRecord record = await(table.put(subscriber(5)));
    PendingChange change = begun(record);
    renameWithAnotherInItsPlace();
    assertThat(find(7)).hasSize(1);
    await(table.rollBack(List.of(change)));
    assertThat(putBack)
        .singleElement()
        .satisfies(told -> assertThat(told.id()).isEqualTo("port-6"))
        .satisfies(told -> assertThat(told.options()).isEqualTo(record.options()))
        .satisfies(told -> assertThat(told.session()).isEqualTo(record.session()));
    assertThat(database.ask("SELECT id FROM change ORDER BY number DESC LIMIT 1"))
        .isEqualTo("port-6");
  }

  private static final String IN_FORCE =
      "SELECT cast(substr(options, 5) AS TEXT) FROM relay_options WHERE id = 'port-5'";

  private void repairWithOptions() throws SQLException {
    database.execute(
        "UPDATE subscriber SET ias = '[]', options = x'03e800046c617374' WHERE id = 'port-5'");
  }

  /** Left behind, the mark would win over all that the record is given from then on. */
  @Test
  void aChangeIsConfirmedThoughItsRecordCannotBeReadAnyMore() throws Exception {
    SubscriberRecord record = await(table.put(subscriber(5)));
    PendingChange change = begun(record);
    database.execute("UPDATE subscriber SET ias = '[7]' WHERE id = 'port-5'");
    await(table.confirm(List.of(change)));
    assertThat(database.ask(IN_FORCE)).isEqualTo("new");
    assertThat(database.ask("SELECT count(*) FROM pending WHERE state = 0")).isEqualTo("0");
    repairWithOptions();
    assertThat(database.ask(IN_FORCE)).isEqualTo("last");
  }

  /** Nobody can repeat its exchange; kept, it would be repeated long after with old options. */
  @Test
  void aChangeToBeRepeatedIsForgottenWhenItsRecordCannotBeReadAnyMore() throws Exception {
    begun(await(table.put(subscriber(5))));
    diesAndStartsAgain();
    assertThat(table.foundAtStart()).hasSize(1);
    database.execute("UPDATE subscriber SET ias = '[7]' WHERE id = 'port-5'");
    diesAndStartsAgain(); // before the exchange was repeated
    assertThat(table.foundAtStart()).isEmpty();
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
    assertThat(database.ask(IN_FORCE)).isEqualTo("new");
  }

  /** The relay supplies them already: the server must not hear of older ones. */
  @Test
  void aChangeIsRepeatedWithWhatItsRecordWasGivenSince() throws Exception {
    begun(await(table.put(subscriber(5))));
    diesAndStartsAgain();
    assertThat(table.foundAtStart())
        .extracting(PendingChange::next)
        .containsExactly(options("new"));
    repairWithOptions();
    diesAndStartsAgain(); // before the exchange was repeated
    assertThat(table.foundAtStart())
        .extracting(PendingChange::next)
        .containsExactly(options("last"));
    await(table.confirm(table.foundAtStart()));
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
    assertThat(database.ask(IN_FORCE)).isEqualTo("last");
  }

  /** As dead as if it had been killed: nothing is taken back. */
  private void diesAndStartsAgain() throws Exception {
    table.close();
    table = database.open();
  }

  @Test
  void aChangeThatACrashLeftStaysThoughItsRecordCannotBeReadAnyMore() throws Exception {
    begun(await(table.put(subscriber(5))));
    database.execute("UPDATE subscriber SET ias = '[7]' WHERE id = 'port-5'");
    diesAndStartsAgain();
    assertThat(table.foundAtStart()).isEmpty();
    assertThat(database.ask(IN_FORCE)).isEqualTo("new");
    repairWithOptions();
    assertThat(database.ask(IN_FORCE)).isEqualTo("last");
  }

  @Test
  void whatIsNoRecordIsRefusedByTheDatabase() {
    for (String wrong :
        List.of(
            INSERT.formatted(1, 1).replace("x'0003000102005e100007'", "x'0003'"),
            INSERT.formatted(1, 1).replace("x'20010db8000000070000000000000001'", "x'20010db8'"),
            INSERT.formatted(1, 1).replace("'{\"User-Name\"", "'{\"User-Name"))) {
      assertThatThrownBy(() -> database.execute(wrong)).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void whatCannotBeReadIsToldAndNotServed() throws Exception {
    database.execute(INSERT.formatted(1, 1).replace("\"iaid\":1", "\"iaid\":-1"));
    database.execute(INSERT.formatted(2, 2).replace("User-Name", "Unheard-Of"));
    assertThat(find(1)).isEmpty();
    assertThat(await(table.get(NAS, "port-1"))).isEmpty();
    assertThat(await(table.get(NAS, "port-2")).orElseThrow().session().isEmpty()).isTrue();
    assertThat(problems)
        .anySatisfy(p -> assertThat(p).contains("port-1").contains("ias[0].iaid: -1 will not do"))
        .anySatisfy(p -> assertThat(p).contains("port-2").contains("Unheard-Of"));
  }

  @Test
  void manyRowsInOneStatementAreFollowed() throws Exception {
    String many =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            + " INSERT INTO subscriber (nas, id, duid, link_address, session) SELECT"
            + " 'nas1.example.net', 'port-' || i, x'0003000102005e100007',"
            + " x'20010db8000000070000000000000001',"
            + " json_object('User-Name', 'user' || i || '@example.net') FROM n";
    database.execute(many);
    assertThat(find(2999)).hasSize(1);
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().records() == 3000);
  }

  /** As gateway/SCHEMA.md has it: in one piece, however often the gateway writes meanwhile. */
  @Test
  void aCopyIsATable() throws Exception {
    if (database.isSqlite()) {
      await(table.put(subscriber(5)));
      Path copy = directory.resolve("copy.db");
      database.shell("VACUUM INTO '" + copy + "'");
      try (SubscriberTable copied = TestDatabase.at("jdbc:sqlite:" + copy).open()) {
        assertThat(await(copied.get(NAS, "port-5")))
            .isEqualTo(await(table.get(NAS, "port-5")))
            .isPresent();
      }
    }
  }

  @Test
  void theShellOfTheDatabaseWorksAsWell() throws Exception {
    database.shell(INSERT.formatted(5, 5));
    assertThat(find(5)).hasSize(1);
    assertThat(database.shell("SELECT id, hex(options), pending FROM relay_options;"))
        .isEqualTo("port-5|03E800016F|0\n");
  }
}
