package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a {@code COMMIT} that fails leaves behind. */
class FailingCommitTest {
  @TempDir Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Integer> refused = new CopyOnWriteArrayList<>();
  private volatile boolean full;
  private volatile boolean deaf;
  private volatile Optional<CountDownLatch> gate = Optional.empty();
  private final CountDownLatch atGate = new CountDownLatch(1);
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final Map<String, Integer> passing = new ConcurrentHashMap<>(); // methods, how often
  private volatile Duration slow = Duration.ZERO;
  private volatile boolean uncertain;

  private final TableObserver observer =
      new TableObserver() {
        @Override
        public void unavailable(TableUnavailableException.Reason reason, int requests) {
          refused.add(requests);
        }

        @Override
        public void optionsConfirmed(SubscriberRecord record) {
          told.add("confirmed " + record.id());
        }

        @Override
        public void optionsPutBack(SubscriberRecord record) {
          told.add("put back " + record.id());
        }

        @Override
        public void released(SubscriberRecord record) {
          told.add("released " + record.id());
        }
      };

  private Object answer(String method, TroubledStore.Call call) throws Throwable {
    if (isWriter() && passing.merge(method, -1, Integer::sum) >= 0) {
      now.addAndGet(slow.toNanos());
      throw TableUnavailableException.passing(TableUnavailableException.Reason.LOCKED, "undone");
    }
    if (full && method.equals("commit")) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FULL, "database or disk is full");
    }
    if (deaf && method.equals("commit")) {
      call.run();
      deaf = false;
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED, "the server has not answered");
    }
    if (gate.isPresent() && method.equals("commit")) {
      atGate.countDown();
      gate.get().await();
      if (commits.incrementAndGet() == 2) {
        throw new TableUnavailableException(
            TableUnavailableException.Reason.REFUSED, "one of them will not do");
      }
      if (commits.get() == 3) {
        throw new TableUnavailableException(
            TableUnavailableException.Reason.FAILED, "the server is gone");
      }
    }
    return method.equals("mayCommitUnheard") ? (Object) (deaf || uncertain) : call.run();
  }

  private static boolean isWriter() {
    return Thread.currentThread().getName().equals("subscriber-writer");
  }

  private SubscriberTable open() throws Exception {
    TableParameters parameters = TableParameters.of(TestTables.url(directory));
    TableStore store = SqliteStore.open(parameters, TestTables.DICTIONARY, unreadable -> {});
    return new GroupCommitTable(
        new TroubledStore(store, this::answer), parameters, observer, Runnable::run, now::get);
  }

  /** A disk that is full for long. */
  @Test
  void leavesNothingBehindThatIsTriedAgainForEver() throws Exception {
    try (SubscriberTable table = open()) {
      SubscriberRecord record = await(table.put(subscriber(1)));
      full = true;
      for (int i = 0; i < 20; i++) {
        OptionChange change = new OptionChange(record, options("new" + i));
        assertThat(failure(table.begin(List.of(change))))
            .isInstanceOf(TableUnavailableException.class);
      }
      assertThat(refused).hasSizeGreaterThanOrEqualTo(20).containsOnly(1);

      full = false;
      OptionChange change = new OptionChange(record, options("newest"));
      await(table.confirm(await(table.begin(List.of(change)))));
      assertThat(await(table.get(TestTables.NAS, "port-1")).orElseThrow().options())
          .isEqualTo(options("newest"));
    }
  }

  /** Each of a group that was refused is tried by itself, but not at a server that is gone. */
  @Test
  void doesNotWaitForAServerThatIsGoneOnceForEach() throws Exception {
    try (SubscriberTable table = open()) {
      await(table.put(subscriber(1)));
      gate = Optional.of(new CountDownLatch(1));
      CompletionStage<?> first = table.put(subscriber(2));
      atGate.await(); // so that the others are a group of their own
      List<CompletionStage<SubscriberRecord>> together =
          List.of(table.put(subscriber(3)), table.put(subscriber(4)), table.put(subscriber(5)));
      gate.get().countDown();
      await(first);
      for (CompletionStage<SubscriberRecord> one : together) {
        assertThat(failure(one)).hasMessage("the server is gone");
      }
    }
  }

  /** What was undone to end a deadlock, or lost its connection: SQLSTATEs 40P01, 40001, 57P01. */
  @ParameterizedTest
  @CsvSource({
    "newestChange, 1, 0, true",
    "newestChange, 2, 0, false", // once more, not for ever
    "newestChange, 1, 4, false", // who has waited for so long has no time for it
    "begin, 1, 0, false", // which a session tries again itself
  })
  void triesOnceMoreWhatCertainlyDidNothing(String method, int times, int seconds, boolean done)
      throws Exception {
    try (SubscriberTable table = open()) {
      await(table.put(subscriber(1)));
      slow = Duration.ofSeconds(seconds);
      passing.put(method, times);
      CompletionStage<SubscriberRecord> put = table.put(subscriber(2));
      if (done) {
        assertThat(await(put).id()).isEqualTo("port-2");
        assertThat(refused).isEmpty();
      } else {
        assertThat(failure(put)).hasMessage("undone");
        assertThat(refused).containsExactly(1);
      }
      passing.clear();
      await(table.put(subscriber(3)));
    }
  }

  @Test
  void triesNothingAgainWhoseCommitMayHaveBeenHeard() throws Exception {
    try (SubscriberTable table = open()) {
      SubscriberRecord record = await(table.put(subscriber(1)));
      uncertain = true;
      passing.put("commit", 1);
      assertThat(failure(table.put(subscriber(2)))).hasMessage("undone");
      uncertain = false;
      assertThat(await(table.get(TestTables.NAS, "port-1"))).contains(record);
    }
  }

  /** A server that commits and dies before it has said so. */
  @Test
  void tellsOfARollbackThatWasDoneUnheard() throws Exception {
    try (SubscriberTable table = open()) {
      SubscriberRecord record = await(table.put(subscriber(1)));
      List<PendingChange> change =
          await(table.begin(List.of(new OptionChange(record, options("new")))));
      deaf = true;
      assertThat(failure(table.rollBack(change))).isInstanceOf(TableUnavailableException.class);
      await(table.put(subscriber(2))); // behind the second try
      assertThat(told).containsExactly("put back port-1");
    }
  }

  @Test
  void tellsNothingOfARollbackOfWhatIsGone() throws Exception {
    try (SubscriberTable table = open()) {
      SubscriberRecord record = await(table.put(subscriber(1)));
      List<PendingChange> change =
          await(table.begin(List.of(new OptionChange(record, options("new")))));
      await(table.release(List.of(record)));
      await(table.rollBack(change));
      assertThat(told).containsExactly("released port-1");
    }
  }

  @Test
  void tellsOfAReleaseThatWasDoneUnheard() throws Exception {
    try (SubscriberTable table = open()) {
      SubscriberRecord record = await(table.put(subscriber(1)));
      deaf = true;
      assertThat(failure(table.release(List.of(record))))
          .isInstanceOf(TableUnavailableException.class);
      await(table.put(subscriber(2))); // behind the second try
      assertThat(told).containsExactly("released port-1");
    }
  }

  @Test
  void tellsOfAConfirmationThatWasDoneUnheard() throws Exception {
    try (SubscriberTable table = open()) {
      SubscriberRecord record = await(table.put(subscriber(1)));
      List<PendingChange> change =
          await(table.begin(List.of(new OptionChange(record, options("new")))));
      await(table.put(subscriber(1).toBuilder().reconfigureAccept(ReconfigureAccept.NO).build()));
      deaf = true;
      assertThat(failure(table.confirm(change))).isInstanceOf(TableUnavailableException.class);
      await(table.put(subscriber(2))); // behind the second try
      assertThat(told).containsExactly("confirmed port-1");
    }
  }
}
