package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the file of a SQLite database while a gateway runs. */
class SqliteFileTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("subscribers.db");
  }

  private SubscriberTable open() throws TableUnavailableException {
    return TestTables.open(TableParameters.of(TestTables.url(directory)), TableObserver.NONE);
  }

  private static void untilItFails(SubscriberTable table) {
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().failure().isPresent());
  }

  /** It would take what is under way for what a crash left, and keep what a NAK then denies. */
  @Test
  void aSecondGatewayLeavesTheChangesOfTheFirstAlone() throws Exception {
    try (SubscriberTable first = open()) {
      SubscriberRecord base = await(first.put(subscriber(1)));
      List<PendingChange> begun =
          await(first.begin(List.of(new OptionChange(base, options("new")))));
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              TableUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(TableUnavailableException.Reason.LOCKED))
          .hasMessageContaining("another gateway runs with the database \"" + file() + '"');
      await(first.rollBack(begun));
      assertThat(await(first.get(NAS, "port-1")).orElseThrow().options()).isEqualTo(base.options());
    }
    open().close();
  }

  @Test
  void commandsWorkBesideTheGateway() throws Exception {
    try (SubscriberTable table = open();
        TableTransfer transfer =
            SubscriberTables.transfer(
                TableParameters.of(TestTables.url(directory)),
                TestTables.DICTIONARY,
                problems -> {})) {
      assertThat(transfer.merge(List.of(subscriber(1)))).isOne();
      assertThat(await(table.get(NAS, "port-1"))).isPresent();
    }
  }

  @Test
  void acknowledgesNothingIntoAFileThatWasRemoved() throws Exception {
    try (SubscriberTable table = open()) {
      await(table.put(subscriber(1)));
      Files.delete(file());
      untilItFails(table);
      assertThat(failure(table.put(subscriber(2))))
          .isInstanceOfSatisfying(
              TableUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(TableUnavailableException.Reason.FAILED))
          .hasMessageContaining("\"" + file() + "\" was removed or replaced");
      assertThat(failure(table.get(NAS, "port-1"))).hasMessageContaining("removed or replaced");
      assertThat(file()).as("an empty one in its place").doesNotExist();
    }
  }

  @Test
  void goesOnWhenItsOwnFileIsBack() throws Exception {
    Path aside = directory.resolve("aside.db");
    try (SubscriberTable table = open()) {
      await(table.put(subscriber(1)));
      Files.move(file(), aside);
      Files.copy(aside, file());
      untilItFails(table);
      Files.delete(file());
      Files.move(aside, file());
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().failure().isEmpty());
      await(table.put(subscriber(2)));
    }
    try (SubscriberTable table = open()) {
      assertThat(await(table.get(NAS, "port-2"))).isPresent();
    }
  }
}
