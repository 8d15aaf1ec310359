package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.query;
import static io.coagateway.subscriber.TestTables.subscriber;
import static io.coagateway.subscriber.TestTables.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of interface.md section 3, one by one. */
@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class SubscriberTableTest {
  private static final String IN_FORCE =
      "SELECT cast(substr(options, 5) AS TEXT) FROM relay_options WHERE id = 'port-%d'";

  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private TestDatabase database;
  private SubscriberTable table;
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private final TableObserver observer =
      new TableObserver() {
        @Override
        public void optionsPending(PendingChange change) {
          events.add("pending " + change.base().id());
        }

        @Override
        public void optionsConfirmed(SubscriberRecord record) {
          events.add("confirmed " + record.id() + " " + value(record));
        }

        @Override
        public void optionsPutBack(SubscriberRecord record) {
          events.add("put back " + record.id() + " " + value(record));
        }

        @Override
        public void released(SubscriberRecord record) {
          events.add("released " + record.id());
        }
      };

  @BeforeEach
  void open() throws Exception {
    database = kind.in(directory);
    table = database.open(observer);
  }

  @AfterEach
  void close() {
    table.close();
  }

  private static String value(SubscriberRecord record) {
    return record.options().all().get(0).encodeBody().toUtf8();
  }

  private SubscriberRecord stored(int n) throws Exception {
    return await(table.put(subscriber(n)));
  }

  private SubscriberRecord found(int n) throws Exception {
    List<SubscriberRecord> found = await(table.find(byUser("user" + n + "@example.net"), 2));
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private PendingChange begin(SubscriberRecord base, String next) throws Exception {
    return await(table.begin(List.of(new OptionChange(base, options(next))))).get(0);
  }

  private String inForce(int n) throws Exception {
    return database.ask(IN_FORCE.formatted(n));
  }

  private void waitUntilLoaded() {
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
  }

  @Test
  void editsTheRecordsOfAClientInOneStep() throws Exception {
    SubscriberRecord first = stored(7);
    SubscriberRecord other = first.toBuilder().linkAddress(Ipv6Address.UNSPECIFIED).build();
    RecordEdit edit =
        there -> {
          assertThat(there).containsExactly(first);
          return RecordEdit.Changes.put(other);
        };

    RecordEdit.Changes changes = await(table.edit(NAS, first.duid(), edit));

    assertThat(changes.put()).hasSize(1);
    assertThat(changes.put().get(0).sameContent(other)).isTrue();
    assertThat(found(7)).isEqualTo(changes.put().get(0));
    assertThat(await(table.findClient("", first.duid(), 9))).isEqualTo(changes.put());
    assertThat(await(table.findClient("elsewhere", first.duid(), 9))).isEmpty();
    // what is there already is not written again
    assertThat(await(table.edit(NAS, first.duid(), there -> RecordEdit.Changes.put(other))))
        .isEqualTo(RecordEdit.Changes.NONE);
    assertThat(
            await(table.edit(NAS, first.duid(), there -> RecordEdit.Changes.remove(there.get(0))))
                .removed())
        .hasSize(1);
    assertThat(await(table.findClient(NAS, first.duid(), 9))).isEmpty();
  }

  @Test
  void anEditGoesBesideAChangeOfOptions() throws Exception {
    SubscriberRecord base = stored(7);
    PendingChange change = begin(base, "new");
    await(
        table.edit(
            NAS,
            base.duid(),
            there ->
                RecordEdit.Changes.put(
                    there.get(0).toBuilder().linkAddress(Ipv6Address.UNSPECIFIED).build())));
    assertThat(inForce(7)).isEqualTo("new");
    await(table.confirm(List.of(change)));

    assertThat(value(found(7))).isEqualTo("new");
    assertThat(found(7).linkAddress()).isEqualTo(Ipv6Address.UNSPECIFIED);
  }

  @Test
  void storesEveryPartOfARecord() throws Exception {
    SubscriberRecord stored = stored(7);
    assertThat(stored.sameContent(subscriber(7))).isTrue();
    assertThat(await(table.get(NAS, "port-7"))).contains(stored);
    assertThat(found(7)).isEqualTo(stored);
  }

  @Test
  void findsOnTheCallersThreadOnceTheIndexIsLoaded() throws Exception {
    stored(7);
    waitUntilLoaded();
    assertThat(table.find(byUser("user7@example.net"), 2).toCompletableFuture()).isCompleted();
  }

  @Test
  void andsAllGivenKeys() throws Exception {
    stored(1);
    stored(2);
    SessionKey one = SessionKey.of(Attributes.USER_NAME, text("user1@example.net"));
    SessionKey two = SessionKey.of(Attributes.ACCT_SESSION_ID, text("8A3F0002"));
    SessionKey same = SessionKey.of(Attributes.ACCT_SESSION_ID, text("8A3F0001"));
    assertThat(await(table.find(new SessionQuery(NAS, List.of(one, two)), 9))).isEmpty();
    assertThat(await(table.find(new SessionQuery(NAS, List.of(one, same)), 9))).hasSize(1);
  }

  @Test
  void seesOnlyRecordsOfTheQuerysOwnNas() throws Exception {
    stored(1);
    SessionQuery other = new SessionQuery("nas2", byUser("user1@example.net").keys());
    assertThat(await(table.find(other, 9))).isEmpty();
  }

  @Test
  void comparesMacAddressesWhateverTheirSpelling() throws Exception {
    stored(7);
    for (String mac : List.of("02-00-5E-00-00-07", "02:00:5e:00:00:07", "0200.5e00.0007")) {
      assertThat(await(table.find(query(Attributes.CALLING_STATION_ID, mac), 9))).hasSize(1);
    }
  }

  @Test
  void givesAtMostAsManyAsAskedFor() throws Exception {
    for (int n = 1; n <= 5; n++) {
      SubscriberRecord record = subscriber(n);
      await(
          table.put(
              record.toBuilder()
                  .session(SessionAttributes.of(Attributes.USER_NAME, text("all")))
                  .build()));
    }
    assertThat(await(table.find(byUser("all"), 3))).hasSize(3);
    assertThat(await(table.find(byUser("all"), 9))).hasSize(5);
  }

  @Test
  void raisesTheVersionWithEveryWrite() throws Exception {
    long first = stored(1).version();
    long second = stored(1).version();
    assertThat(second).isGreaterThan(first);
  }

  @Test
  void neverGivesAVersionAgainNotEvenAfterARemoval() throws Exception {
    long first = stored(1).version();
    assertThat(await(table.remove(NAS, "port-1"))).isPresent();
    assertThat(stored(1).version()).isGreaterThan(first);
  }

  @Test
  void putsNewOptionsInForceBeforeTheMessageLeaves() throws Exception {
    SubscriberRecord base = stored(1);
    begin(base, "new");
    assertThat(inForce(1)).isEqualTo("new");
    assertThat(found(1)).isEqualTo(base); // the record itself is as it was
    assertThat(events).containsExactly("pending port-1");
  }

  @Test
  void makesAcknowledgedOptionsTheRecordsOwn() throws Exception {
    PendingChange change = begin(stored(1), "new");
    var confirmed = table.confirm(List.of(change));
    assertThat(found(1).options()).isEqualTo(options("new")); // at once
    await(confirmed);
    assertThat(found(1).version()).isEqualTo(change.mark());
    assertThat(await(table.get(NAS, "port-1"))).contains(found(1));
    assertThat(inForce(1)).isEqualTo("new");
    assertThat(events).containsExactly("pending port-1", "confirmed port-1 new");
  }

  @Test
  void movesAcknowledgedOptionsIntoTheRecordWhenIdle() throws Exception {
    PendingChange change = begin(stored(1), "new");
    await(table.confirm(List.of(change)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> database.ask("SELECT count(*) FROM pending").equals("0"));
    assertThat(inForce(1)).isEqualTo("new");
    assertThat(database.ask("SELECT version FROM supplied"))
        .isEqualTo(Long.toString(change.mark()));
  }

  @Test
  void putsTheOldOptionsBackOnANak() throws Exception {
    SubscriberRecord base = stored(1);
    PendingChange change = begin(base, "new");
    await(table.rollBack(List.of(change)));
    assertThat(inForce(1)).isEqualTo("aftr.example.net");
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
    assertThat(found(1)).isEqualTo(base);
    assertThat(events).containsExactly("pending port-1", "put back port-1 aftr.example.net");
  }

  @Test
  void doesNotPutBackWhatSomethingNewerHasReplaced() throws Exception {
    PendingChange change = begin(stored(1), "new");
    database.execute("UPDATE subscriber SET options = x'03e800056e65776572' WHERE id = 'port-1'");
    await(table.rollBack(List.of(change)));
    assertThat(inForce(1)).isEqualTo("newer");
  }

  @Test
  void keepsBothAnotherWritersChangeAndTheAcknowledgedOne() throws Exception {
    PendingChange change = begin(stored(1), "new");
    database.execute(
        "UPDATE subscriber SET options = CAST(options || x'03e9000178' AS BLOB), ias = '[]'"
            + " WHERE id = 'port-1'");
    await(table.confirm(List.of(change)));
    SubscriberRecord record = await(table.get(NAS, "port-1")).orElseThrow();
    assertThat(record.options())
        .containsExactlyInAnyOrder(
            new RawOption(new OptionCode(1000), text("new")),
            new RawOption(new OptionCode(1001), text("x")));
    assertThat(record.ias()).isEmpty();
    assertThat(record.version()).isGreaterThan(change.mark());
    assertThat(found(1)).isEqualTo(record);
  }

  @Test
  void refusesAChangeFromAnOldVersion() throws Exception {
    SubscriberRecord old = stored(1);
    stored(1);
    waitUntilLoaded();
    assertThat(failure(table.begin(List.of(new OptionChange(old, options("new"))))))
        .isInstanceOf(StaleRecordException.class)
        .hasMessageContaining("port-1");
  }

  @Test
  void refusesAChangeThatAnotherWriterHasOvertaken() throws Exception {
    SubscriberRecord old = stored(1);
    waitUntilLoaded();
    database.execute("UPDATE subscriber SET ias = '[]' WHERE id = 'port-1'");
    assertThat(failure(table.begin(List.of(new OptionChange(old, options("new"))))))
        .isInstanceOf(StaleRecordException.class);
  }

  @Test
  void beginsAllChangesOrNone() throws Exception {
    SubscriberRecord one = stored(1);
    SubscriberRecord old = stored(2);
    stored(2);
    failure(
        table.begin(
            List.of(new OptionChange(one, options("new")), new OptionChange(old, options("new")))));
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
    assertThat(inForce(1)).isEqualTo("aftr.example.net");
  }

  @Test
  void takesTheNextChangeRightAfterAConfirmationThatNobodyWaitedFor() throws Exception {
    stored(1);
    waitUntilLoaded();
    for (int i = 0; i < 50; i++) {
      table.confirm(List.of(begin(found(1), "new" + i)));
    }
    assertThat(value(found(1))).isEqualTo("new49");
    begin(found(1), "last");
    assertThat(inForce(1)).isEqualTo("last");
  }

  /** The index knows of a confirmation before the database, also while it is filled anew. */
  @Test
  void seesAConfirmationAtOnceWhileTheIndexIsFilledAgain() throws Exception {
    try (TableTransfer transfer = database.transfer()) {
      transfer.merge(IntStream.rangeClosed(1, 3000).mapToObj(TestTables::subscriber).toList());
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().records() == 3000);
    waitUntilLoaded();
    PendingChange change = begin(found(1), "new");
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> { // again and again: it may be filled between two looks
              database.execute("INSERT INTO change (version) VALUES (0)"); // any may have changed
              return !table.status().indexComplete();
            });
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      database.lock(statement); // so that the confirmation stays out of the database
      var confirmed = table.confirm(List.of(change));
      assertThat(found(1).version()).isEqualTo(change.mark());
      statement.execute("ROLLBACK");
      await(confirmed);
    }
  }

  @Test
  void keepsSessionTextsWithANulCharacter() throws Exception {
    SubscriberRecord record =
        subscriber(1).toBuilder()
            .session(SessionAttributes.of(Attributes.USER_NAME, text("a\0b")))
            .build();
    SubscriberRecord stored = await(table.put(record));
    assertThat(await(table.get(NAS, "port-1"))).contains(stored);
    assertThat(await(table.find(byUser("a\0b"), 2))).containsExactly(stored);
    try (TableTransfer transfer = database.transfer()) {
      assertThat(transfer.find(byUser("a\0b"), 2)).containsExactly(stored);
    }
  }

  @Test
  void removesSessionAndLeasesWithAnAcknowledgedDisconnect() throws Exception {
    SubscriberRecord record = stored(1);
    PendingChange pending = begin(record, "new");
    await(table.release(List.of(record)));
    assertThat(await(table.find(byUser("user1@example.net"), 2))).isEmpty();
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
    assertThat(database.ask("SELECT count(*) FROM session_key")).isEqualTo("0");
    await(table.confirm(List.of(pending))); // too late: changes nothing
    await(table.rollBack(List.of(pending)));
    assertThat(await(table.get(NAS, "port-1"))).isEmpty();
    assertThat(events).containsExactly("pending port-1", "released port-1");
  }

  @Test
  void leavesANewSessionOnTheSamePortAlone() throws Exception {
    SubscriberRecord old = stored(1);
    SubscriberRecord next =
        await(
            table.put(
                old.toBuilder()
                    .session(SessionAttributes.of(Attributes.USER_NAME, text("bob")))
                    .build()));
    await(table.release(List.of(old)));
    assertThat(await(table.get(NAS, "port-1"))).contains(next);
  }

  @Test
  void replacesOnlyTheVersionThatWasRead() throws Exception {
    SubscriberRecord read = stored(1);
    SubscriberRecord written = await(table.replace(read.toBuilder().options(options("a")).build()));
    assertThat(written.version()).isGreaterThan(read.version());
    assertThat(failure(table.replace(read))).isInstanceOf(StaleRecordException.class);
  }

  @Test
  void keepsOptionRadiusBesideTheRsoo() throws Exception {
    OptionList both =
        OptionList.of(
            new RawOption(new OptionCode(1000), text("a")),
            OptionOctets.typed(OptionCode.RADIUS, Octets.ofHex("0106616c6963")));
    SubscriberRecord stored = await(table.put(subscriber(1).toBuilder().options(both).build()));
    assertThat(database.ask("SELECT hex(options) || ' ' || hex(radius) FROM relay_options"))
        .isEqualTo("03E8000161 0106616C6963");
    assertThat(await(table.get(NAS, "port-1"))).contains(stored);
  }

  @Test
  void joinsWaitingRequestsIntoOneTransaction() throws Exception {
    List<Integer> rounds = Collections.synchronizedList(new ArrayList<>());
    table.close();
    table =
        database.open(
            new TableObserver() {
              @Override
              public void committed(int requests, long nanos) {
                rounds.add(requests);
              }
            });
    SubscriberRecord[] records = new SubscriberRecord[100];
    for (int n = 0; n < records.length; n++) {
      records[n] = stored(n);
    }
    waitUntilLoaded();
    rounds.clear();
    List<CompletableFuture<?>> all = new ArrayList<>();
    try (Connection blocker = database.connect();
        Statement statement = blocker.createStatement()) {
      database.lock(statement); // while somebody else writes, requests gather
      for (SubscriberRecord record : records) {
        OptionChange change = new OptionChange(record, options("new"));
        all.add(table.begin(List.of(change)).toCompletableFuture());
      }
      statement.execute("COMMIT");
    }
    for (CompletableFuture<?> one : all) {
      await(one);
    }
    assertThat(rounds.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    assertThat(rounds.size()).isLessThanOrEqualTo(3);
  }

  @Test
  void refusesOneRequestAloneOfThoseThatShareATransaction() throws Exception {
    stored(5);
    waitUntilLoaded();
    database.refuse("port-2");
    List<CompletableFuture<SubscriberRecord>> puts = new ArrayList<>();
    PendingChange change = begin(found(5), "new");
    CompletableFuture<Void> confirmed;
    try (Connection blocker = database.connect();
        Statement statement = blocker.createStatement()) {
      database.lock(statement); // while somebody else writes, requests gather
      confirmed = table.confirm(List.of(change)).toCompletableFuture();
      for (int n = 0; n <= 4; n++) {
        puts.add(table.put(subscriber(n)).toCompletableFuture());
      }
      statement.execute("ROLLBACK");
    }
    await(confirmed);
    for (int n : List.of(0, 1, 3, 4)) {
      SubscriberRecord stored = await(puts.get(n));
      assertThat(found(n)).isEqualTo(stored);
    }
    assertThat(failure(puts.get(2)))
        .isInstanceOfSatisfying(
            TableUnavailableException.class,
            e -> assertThat(e.reason()).isEqualTo(TableUnavailableException.Reason.REFUSED));
    assertThat(table.status().failure()).as("of the database").isEmpty();
  }

  @Test
  void refusesWhenTooManyWait() throws Exception {
    SubscriberRecord record = stored(1);
    table.close();
    table =
        TestTables.open(
            database.parameters(2, Duration.ofSeconds(20), Duration.ofMillis(20)), observer);
    waitUntilLoaded();
    try (Connection blocker = database.connect();
        Statement statement = blocker.createStatement()) {
      database.lock(statement);
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        OptionChange change = new OptionChange(record, options("new"));
        all.add(table.begin(List.of(change)).toCompletableFuture());
      }
      assertThat(all.stream().filter(CompletableFuture::isCompletedExceptionally).toList())
          .isNotEmpty()
          .allSatisfy(
              one ->
                  assertThat(failure(one))
                      .isInstanceOfSatisfying(
                          TableUnavailableException.class,
                          e ->
                              assertThat(e.reason())
                                  .isEqualTo(TableUnavailableException.Reason.QUEUE_FULL)));
      statement.execute("ROLLBACK");
    }
  }

  @Test
  void failsWithNothingDoneWhileAnotherProcessHoldsTheDatabase() throws Exception {
    SubscriberRecord record = stored(1);
    PendingChange change = begin(record, "new");
    table.close();
    table =
        TestTables.open(
            database.parameters(99, Duration.ofMillis(50), Duration.ofMillis(20)), observer);
    assertThat(table.foundAtStart()).hasSize(1);
    waitUntilLoaded();
    SubscriberRecord now = found(1);
    try (Connection blocker = database.connect();
        Statement statement = blocker.createStatement()) {
      database.lock(statement);
      assertThat(failure(table.begin(List.of(new OptionChange(now, options("newer"))))))
          .isInstanceOfSatisfying(
              TableUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(TableUnavailableException.Reason.LOCKED));
      assertThat(table.status().failure()).isPresent();
      // What is decided already is tried again until it is done.
      assertThat(failure(table.confirm(List.of(change))))
          .isInstanceOf(TableUnavailableException.class);
      statement.execute("ROLLBACK");
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> database.ask("SELECT count(*) FROM pending").equals("0"));
    assertThat(inForce(1)).isEqualTo("new");
    assertThat(table.status().failure()).isEmpty();
  }

  /** Whose mark is older than the write that has put its options into the record. */
  @Test
  void aChangeThatIsRepeatedAfterACrashLeavesTheVersionAlone() throws Exception {
    PendingChange left = begin(stored(1), "new");
    table.close(); // as dead as if it had been killed: nothing is taken back
    table = database.open(observer);
    waitUntilLoaded();
    await(table.confirm(table.foundAtStart()));
    SubscriberRecord read = await(table.get(NAS, "port-1")).orElseThrow();
    assertThat(read.version()).isGreaterThan(left.mark());
    assertThat(found(1)).isEqualTo(read);
    await(table.replace(read.toBuilder().options(options("newer")).build()));
    assertThat(inForce(1)).isEqualTo("newer");
  }

  /** As gateway/BOUNDS.md has it: what is not merged does not grow with what comes at a time. */
  @Test
  void mergesFasterThanConfirmationsCome() throws Exception {
    int many = 5000;
    List<CompletableFuture<SubscriberRecord>> puts =
        IntStream.rangeClosed(1, many)
            .mapToObj(n -> table.put(subscriber(n)).toCompletableFuture())
            .toList();
    List<SubscriberRecord> records = new ArrayList<>(many);
    for (CompletableFuture<SubscriberRecord> put : puts) {
      records.add(await(put));
    }
    for (int round = 1; round <= 3; round++) {
      OptionList next = options("round " + round);
      List<PendingChange> changes =
          await(table.begin(records.stream().map(one -> new OptionChange(one, next)).toList()));
      assertThat(table.status().unmerged()).isLessThanOrEqualTo(MergePace.MOST);
      await(table.confirm(changes));
      records.clear();
      for (PendingChange change : changes) {
        records.add(WriteJobs.confirmed(change));
      }
    }
  }

  @Test
  void saysThatItIsClosed() {
    table.close();
    assertThat(failure(table.put(subscriber(1)))).hasMessageContaining("closed");
    assertThat(failure(table.get(NAS, "port-1"))).hasMessageContaining("closed");
  }
}
