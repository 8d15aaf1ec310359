package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.subscriber.TableUnavailableException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A defect met at work on one request: nobody else may have to wait for ever. */
class DefectTest {
  private static final String DEFECT = "a defect";

  @TempDir Path directory;
  private final AtomicReference<String> failing = new AtomicReference<>("");

  private static RecordEdit.Changes fail(List<SubscriberRecord> there) {
    throw new IllegalStateException(DEFECT + " with " + there.size());
  }

  private static void isDefect(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            TableUnavailableException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED)) // not to be tried again
        .hasMessageContainingAll("report it", DEFECT, "DefectTest");
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.Kind.class)
  void anEditThatFailsIsRefusedAndTheNextIsDone(TestDatabase.Kind kind) throws Exception {
    try (SubscriberTable table = kind.in(directory).open()) {
      SubscriberRecord there = await(table.put(subscriber(1)));
      isDefect(failure(table.edit(NAS, there.duid(), DefectTest::fail)));
      RecordEdit.Changes done =
          await(table.edit(NAS, there.duid(), now -> RecordEdit.Changes.remove(now.get(0))));
      assertThat(done.removed()).hasSize(1);
    }
  }

  private GroupCommitTable troubled(TableObserver observer) throws Exception {
    TableParameters parameters = TableParameters.of(TestTables.url(directory));
    return new GroupCommitTable(
        new TroubledStore(
            SqliteStore.open(parameters, TestTables.DICTIONARY, unreadable -> {}),
            (method, call) -> {
              if (method.equals(failing.get())) {
                throw new IllegalStateException(DEFECT);
              }
              return call.run();
            }),
        parameters,
        observer,
        Runnable::run,
        System::nanoTime);
  }

  @Test
  void aLookupThatFailsIsRefusedAndTheNextIsAnswered() throws Exception {
    try (SubscriberTable table = troubled(TableObserver.NONE)) {
      failing.set("find");
      isDefect(failure(table.find(byUser("nobody"), 2)));
      failing.set("");
      assertThat(await(table.find(byUser("nobody"), 2))).isEmpty();
    }
  }

  @Test
  void aReaderThatCannotFollowSaysSoAndGoesOnWhenItCan() throws Exception {
    try (SubscriberTable table = troubled(TableObserver.NONE)) {
      failing.set("newestChange");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> table.status().failure().orElse("").contains(DEFECT));
      failing.set("");
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().failure().isEmpty());
    }
  }

  @Test
  void aListenerThatFailsDoesNotEndTheWriter() throws Exception {
    TableObserver listener =
        new TableObserver() {
          @Override
          public void released(SubscriberRecord record) {
            if (failing.compareAndSet("released", "")) {
              throw new IllegalStateException(DEFECT);
            }
          }
        };
    try (SubscriberTable table = troubled(listener)) {
      SubscriberRecord there = await(table.put(subscriber(1)));
      failing.set("released");
      isDefect(failure(table.release(List.of(there))));
      assertThat(await(table.put(subscriber(2))).options()).isEqualTo(options("aftr.example.net"));
      assertThat(await(table.get(NAS, "port-1"))).isEmpty();
    }
  }
}
