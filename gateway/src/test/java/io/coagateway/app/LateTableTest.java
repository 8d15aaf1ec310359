package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.subscriber.TableUnavailableException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A table whose database comes late. */
class LateTableTest {
  private final List<Reason> failed = new CopyOnWriteArrayList<>();
  private final List<String> defects = new CopyOnWriteArrayList<>();
  private final LateTable late =
      new LateTable(
          new TableUnavailableException(Reason.LOCKED, "another has it"),
          7,
          new TableObserver() {
            @Override
            public void unavailable(Reason reason, int requests) {
              failed.add(reason);
            }

            @Override
            public void defect(Throwable defect) {
              defects.add(defect.getMessage());
            }
          });

  private static SubscriberTable memory() throws TableUnavailableException {
    return SubscriberTables.open(
        TableParameters.of(TableParameters.MEMORY),
        DictionaryFiles.builtIn(),
        TableObserver.NONE,
        Runnable::run,
        System::nanoTime);
  }

  @Test
  void untilThenEachRequestFailsAndIsCounted() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> late.get("nas", "port-1").toCompletableFuture().join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("the database could not be opened: another has it");
    }
    assertThat(failed).containsExactly(Reason.LOCKED, Reason.LOCKED);
    assertThat(late.status().failure()).contains("cannot be opened: another has it");
    assertThat(late.status().queueLimit()).isEqualTo(7);
    assertThat(late.foundAtStart()).isEmpty();
    late.close();
  }

  @Test
  void thenItIsTheTable() {
    AtomicReference<SubscriberTable> told = new AtomicReference<>();
    late.open(LateTableTest::memory, told::set);
    await().atMost(Duration.ofSeconds(20)).until(() -> told.get() != null);
    assertThat(late.get("nas", "port-1").toCompletableFuture().join()).isEqualTo(Optional.empty());
    assertThat(late.status()).isEqualTo(told.get().status());
    assertThat(failed).isEmpty();
    late.close();
    assertThatThrownBy(() -> late.find(null, 1).toCompletableFuture().join())
        .hasMessageContaining("closed");
  }

  @Test
  void isTriedAgainAfterADefect() {
    AtomicReference<SubscriberTable> told = new AtomicReference<>();
    late.open(
        () -> {
          if (defects.isEmpty()) {
            throw new IllegalStateException("a driver's");
          }
          assertThat(late.status().failure().orElseThrow()).contains("a driver's");
          return memory();
        },
        told::set);
    await().atMost(Duration.ofSeconds(20)).until(() -> told.get() != null);
    assertThat(defects).containsExactly("a driver's");
    late.close();
  }
}
