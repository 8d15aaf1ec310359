package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The database goes back to an earlier state under a gateway that runs: a standby that had not got
 * the last writes has taken over, or a backup was restored into the file.
 */
@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class RestoredDatabaseTest {
  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private TestDatabase database;
  private SubscriberTable table;
  private final AtomicBoolean unloadable = new AtomicBoolean();

  @BeforeEach
  void open() throws Exception {
    database = kind.in(directory);
    TableStore store =
        new TroubledStore(
            SubscriberTables.store(database.parameters(), TestTables.DICTIONARY, problems -> {}),
            (method, call) -> {
              if (method.equals("readAfter") && unloadable.get()) {
                throw new TableUnavailableException(
                    TableUnavailableException.Reason.LOCKED, "a page is not to be had");
              }
              return call.run();
            });
    table =
        new GroupCommitTable(
            store, database.parameters(), TableObserver.NONE, Runnable::run, System::nanoTime);
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
  }

  @AfterEach
  void close() {
    table.close();
  }

  private SubscriberRecord found(int n) throws Exception {
    return await(table.find(byUser("user" + n + "@example.net"), 2)).get(0);
  }

  /** Takes the second subscriber and the last change of the first one out of the database. */
  private void goBack(Backup to, String... besides) throws SQLException {
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      database.lock(statement);
      statement.execute("DELETE FROM subscriber_base WHERE id = 'port-2'");
      statement.execute(
          "UPDATE supplied SET version = %d, options = (SELECT options FROM subscriber WHERE id = 'port-9')"
              .formatted(to.first().version()));
      statement.execute("DELETE FROM change WHERE number > " + to.newestChange());
      for (String sql : besides) {
        statement.execute(sql);
      }
      statement.execute("COMMIT");
    }
  }

  private long newestChange() throws SQLException {
    return Long.parseLong(database.ask("SELECT max(number) FROM change"));
  }

  private void isAsRestored(SubscriberRecord first) throws Exception {
    await().atMost(Duration.ofSeconds(20)).until(() -> found(1).options().equals(first.options()));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> await(table.find(byUser("user2@example.net"), 2)).isEmpty());
    PendingChange change =
        await(table.begin(List.of(new OptionChange(found(1), options("newest"))))).get(0);
    await(table.confirm(List.of(change)));
    assertThat(await(table.get(TestTables.NAS, "port-1")).orElseThrow().options())
        .isEqualTo(options("newest"));
  }

  /** What the database goes back to: one record, and the newest change of the log. */
  private record Backup(SubscriberRecord first, long newestChange) {}

  /** Two changes are not in it: a second record, and other options for the first one. */
  private Backup backUpAndWrite() throws Exception {
    await(table.put(subscriber(9))); // the first one has the same options then
    Backup backup = new Backup(await(table.put(subscriber(1))), newestChange());
    await(table.put(subscriber(2)));
    await(table.put(backup.first().toBuilder().options(options("lost")).build()));
    assertThat(found(1).options()).isEqualTo(options("lost"));
    return backup;
  }

  @Test
  void theIndexIsFilledAnewWhenTheLogOfChangesIsShorter() throws Exception {
    Backup backup = backUpAndWrite();
    goBack(backup);
    await(table.put(subscriber(3))); // the number of the change that was lost is given again
    isAsRestored(backup.first());
  }

  /** PostgreSQL draws numbers in advance, so that a standby goes on above those that were lost. */
  @Test
  void theIndexIsFilledAnewWhenOthersHaveWrittenSince() throws Exception {
    Backup backup = backUpAndWrite();
    goBack(
        backup,
        database.isSqlite()
            ? "INSERT INTO change (number, nas, id, version) VALUES (500, 'nas2', 'nobody', 500)"
            : "INSERT INTO change (number, nas, id, version) OVERRIDING SYSTEM VALUE"
                + " VALUES (500, 'nas2', 'nobody', 500)");
    isAsRestored(backup.first());
  }

  /** Nobody writes, and nobody else has: only what is asked shows it. */
  @Test
  void anIdleGatewaySeesThatTheLogOfChangesIsShorter() throws Exception {
    Backup backup = backUpAndWrite();
    goBack(backup);
    isAsRestored(backup.first());
  }

  /** What is lost is not to be had for the time of the load either. */
  @Test
  void lookupsAreAnsweredAsRestoredUntilTheIndexIsFilled() throws Exception {
    Backup backup = backUpAndWrite();
    unloadable.set(true);
    goBack(backup);
    await().atMost(Duration.ofSeconds(20)).until(() -> !table.status().indexComplete());
    assertThat(found(1).options()).isEqualTo(backup.first().options());
    PendingChange change =
        await(table.begin(List.of(new OptionChange(found(1), options("newer"))))).get(0);
    await(table.confirm(List.of(change)));
    assertThat(found(1).options()).isEqualTo(options("newer"));
    unloadable.set(false);
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
    assertThat(found(1).options()).isEqualTo(options("newer"));
  }

  /** As an import into the restored database does: the log has no gap. */
  @ParameterizedTest
  @ValueSource(ints = {2, 40})
  void theIndexIsFilledAnewWhenOthersHaveWrittenInThePlaceOfWhatWasLost(int changes)
      throws Exception {
    Backup backup = backUpAndWrite();
    // two changes: the index has applied as much as, or less than, there is
    assertThat(newestChange()).isEqualTo(backup.newestChange() + 2);
    String[] others = new String[changes];
    for (int i = 0; i < changes; i++) {
      long number = backup.newestChange() + 1 + i;
      others[i] =
          "INSERT INTO change (number, nas, id, version)%s VALUES (%d, 'nas2', 'nobody', %d)"
              .formatted(database.isSqlite() ? "" : " OVERRIDING SYSTEM VALUE", number, number);
    }
    goBack(backup, others);
    if (!database.isSqlite()) {
      database.execute("ALTER TABLE change ALTER COLUMN number RESTART WITH 1000");
    }
    isAsRestored(backup.first());
  }
}
