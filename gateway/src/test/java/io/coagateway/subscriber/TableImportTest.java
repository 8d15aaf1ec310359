package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.DICTIONARY;
import static io.coagateway.subscriber.TestTables.FORMAT;
import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.radius.Attributes;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class TableImportTest implements TableImport.Listener {
  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private TestDatabase database;

  @BeforeEach
  void makeDatabase() {
    database = kind.in(directory);
  }

  private final List<String> bad = new ArrayList<>();

  @Override
  public void bad(long line, String problem) {
    bad.add(line + ": " + problem);
  }

  @Override
  public void progress(long lines) {}

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> FORMAT.print(subscriber(n)))
        .collect(Collectors.joining("\n"));
  }

  private TableImport.Report read(String text, boolean replace) throws Exception {
    try (TableTransfer transfer = database.transfer()) {
      TableImport importing = new TableImport(transfer, FORMAT, NAS, this);
      InputStream lines = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      return replace ? importing.replace(lines) : importing.merge(lines);
    }
  }

  private List<String> export() throws Exception {
    List<String> ids = new ArrayList<>();
    try (TableTransfer transfer = database.transfer()) {
      transfer.export(Optional.empty(), record -> ids.add(record.id()));
    }
    return ids;
  }

  @Test
  void keepsTheGoodLinesAndCountsTheBad() throws Exception {
    String text = lines(0, 3) + "\n{}\n\n" + lines(3, 5) + "\nnonsense";
    assertThat(read(text, false)).isEqualTo(new TableImport.Report(5, 5, 2));
    assertThat(export()).hasSize(5);
    assertThat(bad).hasSize(2);
    assertThat(bad.get(0)).startsWith("4: id: is missing");
    assertThat(bad.get(1)).startsWith("8: not JSON");
  }

  @Test
  void leavesRecordsThatAreTheSameAlone() throws Exception {
    read(lines(0, 3), false);
    String version = database.ask("SELECT max(version) FROM subscriber");
    assertThat(read(lines(0, 3), false)).isEqualTo(new TableImport.Report(3, 0, 0));
    assertThat(database.ask("SELECT max(version) FROM subscriber")).isEqualTo(version);
  }

  /** No gateway runs that would do it. */
  @Test
  void keepsTheDatabasesLogShort() throws Exception {
    if (database.isSqlite()) {
      Path log = Path.of(database.url().substring(SubscriberTables.SQLITE.length()) + "-wal");
      TableStore store = SubscriberTables.store(database.parameters(), DICTIONARY, p -> {});
      try (TableTransfer transfer = new TableTransfer(store, 100_000)) {
        for (int from = 0; from < 2000; from += 100) {
          transfer.merge(
              IntStream.range(from, from + 100).mapToObj(TestTables::subscriber).toList());
          assertThat(Files.size(log)).isLessThanOrEqualTo(100_000);
        }
      }
      assertThat(export()).hasSize(2000);
    }
  }

  @Test
  void replacesTheWholeTableOfTheNas() throws Exception {
    read(lines(0, 1200), false);
    assertThat(read(lines(1100, 2300), true)).isEqualTo(new TableImport.Report(1200, 1200, 0));
    assertThat(export()).hasSize(1200).contains("port-2299").doesNotContain("port-0");
    assertThat(database.ask("SELECT count(*) FROM session_key")).isEqualTo("3600");
    assertThat(database.countNamed("staged")).isEqualTo("0");
    assertThat(database.countNamed("replaced")).isEqualTo("0");
    read(lines(0, 2), true); // and once more
    assertThat(export()).containsExactly("port-0", "port-1");
    assertThat(database.integrity()).isEqualTo("ok");
  }

  /**
   * Full pages would have no room for the next version of a row: each change would cost another.
   */
  @Test
  void theNewTableHasTheSettingsOfTheOld() throws Exception {
    read(lines(0, 3), false);
    if (!database.isSqlite()) { // which has none
      String settings =
          "SELECT string_agg(relname || ' ' || array_to_string(reloptions, ','), '; ' ORDER BY"
              + " relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND"
              + " relname IN ('subscriber_base', 'supplied', 'session_key')";
      database.execute("ALTER TABLE session_key SET (autovacuum_enabled = off, fillfactor = 90)");
      read(lines(0, 3), true);
      assertThat(database.ask(settings))
          .isEqualTo("session_key autovacuum_enabled=off,fillfactor=90; supplied fillfactor=70");
    }
  }

  @Test
  void replacesNothingWhenOneLineIsBad() throws Exception {
    read(lines(0, 3), false);
    assertThat(read(lines(3, 9) + "\n{}", true)).isEqualTo(new TableImport.Report(6, 0, 1));
    assertThat(export()).containsExactly("port-0", "port-1", "port-2");
    assertThat(database.countNamed("staged")).isEqualTo("0");
  }

  /** Many in one statement: new ones, and old ones with other options or another session. */
  @Test
  void theGatewayFollowsWhatIsMerged() throws Exception {
    read(lines(0, 3), false);
    try (SubscriberTable table = database.open();
        TableTransfer transfer = database.transfer()) {
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
      PendingChange change = changed(table, 1);
      List<SubscriberRecord> merged =
          List.of(
              subscriber(0),
              subscriber(1).toBuilder().options(options("merged")).build(),
              subscriber(2).toBuilder().session(subscriber(7).session()).build(),
              subscriber(3),
              subscriber(4));
      assertThat(transfer.merge(merged)).isEqualTo(4);
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().records() == 5);
      for (int n : List.of(0, 1, 7, 3, 4)) {
        SubscriberRecord record = found(table, n);
        assertThat(record.sameContent(merged.get(n == 7 ? 2 : n))).isTrue();
        assertThat(await(table.get(NAS, record.id()))).contains(record); // with its version
      }
      assertThat(await(table.find(byUser("user2@example.net"), 2))).isEmpty();
      await(table.confirm(List.of(change)));
      assertThat(found(table, 1).options()).isEqualTo(options("new"));
    }
  }

  private static List<SessionKey> port(int number) {
    Octets wire = new OctetWriter(4).u32(number).toOctets();
    return List.of(SessionKey.of(Attributes.NAS_PORT, wire));
  }

  @Test
  void leavesOtherNasesAlone() throws Exception {
    try (TableTransfer transfer = database.transfer()) {
      SubscriberRecord record = subscriber(1);
      SubscriberRecord other =
          SubscriberRecord.builder("nas2", "port-1", record.duid(), record.linkAddress())
              .session(record.session())
              .options(record.options())
              .build();
      transfer.merge(List.of(record, other));
    }
    database.execute(
        "UPDATE subscriber SET session = '{\"User-Name\":\"user1@example.net\",\"NAS-Port\":[7]}'"
            + " WHERE nas = 'nas2'"); // as another program may write it
    read(lines(5, 6), true);
    try (TableTransfer transfer = database.transfer()) {
      assertThat(transfer.read("", "port-1")).extracting(SubscriberRecord::nas).contains("nas2");
      SessionQuery query = new SessionQuery("nas2", byUser("user1@example.net").keys());
      assertThat(transfer.find(query, 2)).hasSize(1);
      assertThat(transfer.find(new SessionQuery("nas2", port(7)), 2)).hasSize(1);
      assertThat(transfer.find(byUser("user1@example.net"), 2)).isEmpty();
      assertThat(transfer.find(new SessionQuery("", query.keys()), 2)).hasSize(1);
    }
  }

  @Test
  void theGatewayFollowsAReplacementAndKeepsItsMarks() throws Exception {
    read(lines(0, 50), false);
    try (SubscriberTable table = database.open()) {
      SubscriberRecord base = await(table.get(NAS, "port-7")).orElseThrow();
      PendingChange change =
          await(table.begin(List.of(new OptionChange(base, options("new"))))).get(0);
      read(lines(5, 60), true);
      assertThat(
              database.ask(
                  "SELECT cast(substr(options, 5) AS TEXT) FROM relay_options WHERE id = 'port-7'"))
          .isEqualTo("new");
      await(table.confirm(List.of(change)));
      assertThat(await(table.get(NAS, "port-7")).orElseThrow().options()).isEqualTo(options("new"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> table.status().indexComplete() && table.status().records() == 55);
      assertThat(await(table.find(byUser("user0@example.net"), 2))).isEmpty();
      assertThat(await(table.find(byUser("user59@example.net"), 2))).hasSize(1);
    }
  }

  @Test
  void aRecordThatIsRemovedWhileAnotherTableIsStagedComesBackWithANewerVersion() throws Exception {
    read(lines(0, 50), false);
    try (SubscriberTable table = database.open()) {
      SubscriberRecord removed;
      try (TableTransfer transfer = database.transfer();
          TableTransfer.Replacing next = transfer.replace()) {
        next.add(IntStream.range(0, 50).mapToObj(TestTables::subscriber).toList());
        await(table.put(subscriber(7).toBuilder().options(options("put")).build()));
        removed = await(table.remove(NAS, "port-7")).orElseThrow();
        next.swap(Set.of(NAS));
      }
      SubscriberRecord back = await(table.get(NAS, "port-7")).orElseThrow();
      assertThat(back.version()).isGreaterThan(removed.version());
      assertThat(back.options()).isEqualTo(subscriber(7).options());
    }
  }

  /** Who was removed is in the log of changes only, of which the oldest are forgotten. */
  @Test
  void versionsDoNotGoBackWhereTheLogOfChangesIsTooShortToTell() throws Exception {
    read(lines(0, 50), false);
    try (SubscriberTable table = database.open()) {
      SubscriberRecord removed;
      try (TableTransfer transfer = database.transfer();
          TableTransfer.Replacing next = transfer.replace()) {
        next.add(IntStream.range(0, 50).mapToObj(TestTables::subscriber).toList());
        await(table.put(subscriber(7).toBuilder().options(options("put")).build()));
        removed = await(table.remove(NAS, "port-7")).orElseThrow();
        await(table.put(subscriber(60)));
        database.execute("DELETE FROM change WHERE id IS NULL OR id <> 'port-60'");
        next.swap(Set.of(NAS));
      }
      assertThat(await(table.get(NAS, "port-7")).orElseThrow().version())
          .isGreaterThan(removed.version());
    }
  }

  /** Which is written after the new table was staged, and is in memory with a higher version. */
  @Test
  void aRecordThatIsWrittenWhileAnotherTableIsStagedStaysTheSameRow() throws Exception {
    read(lines(0, 50), false);
    try (SubscriberTable table = database.open()) {
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
      SubscriberRecord written;
      PendingChange confirmed;
      PendingChange underWay;
      try (TableTransfer transfer = database.transfer();
          TableTransfer.Replacing next = transfer.replace()) {
        next.add(IntStream.range(5, 60).mapToObj(TestTables::subscriber).toList());
        written = await(table.put(subscriber(7).toBuilder().options(options("put")).build()));
        confirmed = changed(table, 8);
        await(table.confirm(List.of(confirmed)));
        underWay = changed(table, 9);
        next.swap(Set.of(NAS));
      }
      await(table.confirm(List.of(underWay)));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> table.status().indexComplete() && table.status().records() == 55);

      assertThat(found(table, 7).options()).isEqualTo(subscriber(7).options());
      assertThat(found(table, 7).version()).isGreaterThan(written.version());
      assertThat(found(table, 8).options()).isEqualTo(subscriber(8).options());
      assertThat(found(table, 8).version()).isGreaterThan(confirmed.mark());
      assertThat(found(table, 9).options()).isEqualTo(options("new"));
      for (int n = 7; n <= 9; n++) {
        await(table.confirm(List.of(changed(table, n)))); // in the row that is in the table now
        SubscriberRecord known = found(table, n);
        assertThat(await(table.get(NAS, "port-" + n))).contains(known);
        assertThat(known.options()).isEqualTo(options("new"));
      }
    }
    try (TableTransfer transfer = database.transfer()) {
      List<SubscriberRecord> all = new ArrayList<>();
      transfer.export(Optional.of(NAS), all::add);
      assertThat(all)
          .filteredOn(record -> record.options().equals(options("new")))
          .extracting(SubscriberRecord::id)
          .containsExactlyInAnyOrder("port-7", "port-8", "port-9");
    }
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
  }

  private static SubscriberRecord found(SubscriberTable table, int n) throws Exception {
    return await(table.find(byUser("user" + n + "@example.net"), 2)).get(0);
  }

  private static PendingChange changed(SubscriberTable table, int n) throws Exception {
    OptionChange change = new OptionChange(found(table, n), options("new"));
    return await(table.begin(List.of(change))).get(0);
  }
}
