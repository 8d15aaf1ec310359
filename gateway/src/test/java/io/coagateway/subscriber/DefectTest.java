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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A defect met at work on one request: nobody else may have to wait for ever. */
class DefectTest {
  private static final String DEFECT = "a defect";

  @TempDir Path directory;
  private final AtomicReference<String> failing = new AtomicReference<>("");
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger followed = new AtomicInteger();

  private static RecordEdit.Changes fail(List<SubscriberRecord> there) {
    throw new IllegalStateException(DEFECT + " with " + there.size());
  }

  private static void isDefect(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            TableUnavailableException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED)) // not to be tried again
        .hasMessageContainingAll("report it", DEFECT, "DefectTest")
        .hasCauseInstanceOf(IllegalStateException.class); // with its stack
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.Kind.class)
  void anEditThatFailsIsRefusedAndTheNextIsDone(TestDatabase.Kind kind) throws Exception {
    try (SubscriberTable table = kind.in(directory).open(new Listener())) {
      SubscriberRecord there = await(table.put(subscriber(1)));
      isDefect(failure(table.edit(NAS, there.duid(), DefectTest::fail)));
      RecordEdit.Changes done =
          await(table.edit(NAS, there.duid(), now -> RecordEdit.Changes.remove(now.get(0))));
      assertThat(done.removed()).hasSize(1);
    }
    assertThat(heard).containsOnlyOnce(DEFECT + " with 1");
  }

  /** Fails to hear of {@link #failing}. */
  private class Listener implements TableObserver {
    private void hear(String event) {
      if (event.equals(failing.get())) {
        throw new IllegalStateException(DEFECT);
      }
    }

    @Override
    public void optionsPending(PendingChange change) {
      hear("optionsPending");
    }

    @Override
    public void optionsConfirmed(SubscriberRecord record) {
      hear("optionsConfirmed");
    }

    @Override
    public void changeEnded(PendingChange change) {
      heard.add("ended " + change.base().id());
    }

    @Override
    public void released(SubscriberRecord record) {
      hear("released");
    }

    @Override
    public void committed(int requests, long nanos) {
      heard.add("committed " + requests);
      hear("committed");
    }

    @Override
    public void defect(Throwable defect) {
      heard.add(defect.getMessage());
    }
  }

  private GroupCommitTable troubled(TableObserver observer) throws Exception {
    return troubled(observer, Runnable::run);
  }

  private GroupCommitTable troubled(TableObserver observer, Executor loop) throws Exception {
    TableParameters parameters = TableParameters.of(TestTables.url(directory));
    return new GroupCommitTable(
        new TroubledStore(
            SqliteStore.open(parameters, TestTables.DICTIONARY, unreadable -> {}),
            (method, call) -> {
              closed.addAndGet(method.equals("close") ? 1 : 0);
              followed.addAndGet(method.equals("changesAfter") ? 1 : 0);
              if (method.equals(failing.get())) {
                throw new IllegalStateException(DEFECT);
              }
              return call.run();
            }),
        parameters,
        observer,
        loop,
        System::nanoTime);
  }

  @Test
  void aLookupThatFailsIsRefusedAndTheNextIsAnswered() throws Exception {
    try (SubscriberTable table = troubled(TableObserver.NONE)) {
      failing.set("resolve");
      isDefect(failure(table.get(NAS, "nobody"))); // always of the database
      failing.set("");
      assertThat(await(table.get(NAS, "nobody"))).isEmpty();
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

  @ParameterizedTest
  @ValueSource(strings = {"released", "committed"})
  void aListenerThatFailsChangesNothingOfWhatIsCommitted(String event) throws Exception {
    try (SubscriberTable table = troubled(new Listener())) {
      SubscriberRecord there = await(table.put(subscriber(1)));
      failing.set(event);
      await(table.release(List.of(there)));
      failing.set("");
      assertThat(await(table.put(subscriber(2))).options()).isEqualTo(options("aftr.example.net"));
      assertThat(await(table.get(NAS, "port-1"))).isEmpty();
      assertThat(table.status().failure()).isEmpty();
    }
    assertThat(heard)
        .containsExactlyInAnyOrder("committed 1", "committed 1", DEFECT, "committed 1");
  }

  @Test
  void aTableInMemoryDoesAllThatAListenerFailsToHearOf() throws Exception {
    try (SubscriberTable table = TestDatabase.Kind.MEMORY.in(directory).open(new Listener())) {
      SubscriberRecord one = await(table.put(subscriber(1)));
      SubscriberRecord two = await(table.put(subscriber(2)));
      failing.set("optionsPending");
      List<PendingChange> begun =
          await(
              table.begin(
                  List.of(
                      new OptionChange(one, options("new")),
                      new OptionChange(two, options("new")))));
      failing.set("optionsConfirmed");
      await(table.confirm(begun));
      List<SubscriberRecord> confirmed =
          List.of(
              await(table.get(NAS, "port-1")).orElseThrow(),
              await(table.get(NAS, "port-2")).orElseThrow());
      assertThat(confirmed).extracting(SubscriberRecord::options).containsOnly(options("new"));
      failing.set("released");
      await(table.release(confirmed));
      assertThat(await(table.get(NAS, "port-2"))).isEmpty();
    }
    assertThat(heard)
        .containsExactly(
            DEFECT, DEFECT, DEFECT, "ended port-1", DEFECT, "ended port-2", DEFECT, DEFECT);
  }

  /** Runs what comes behind a task, here the test itself, until all is done. */
  private static void run(BlockingQueue<Runnable> loop, CompletionStage<?>... all)
      throws Exception {
    for (CompletionStage<?> stage : all) {
      while (!stage.toCompletableFuture().isDone()) {
        Runnable next = loop.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("the table answers").isNotNull();
        next.run();
      }
    }
  }

  @Test
  void whoSharesARoundWithAListenerThatFailsHearsAll() throws Exception {
    BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    try (SubscriberTable table = troubled(new Listener(), loop::add)) {
      CompletionStage<SubscriberRecord> one = table.put(subscriber(1));
      CompletionStage<SubscriberRecord> two = table.put(subscriber(2));
      run(loop, one, two);
      failing.set("optionsPending");
      CompletionStage<List<PendingChange>> begun =
          table.begin(
              List.of(
                  new OptionChange(await(one), options("new")),
                  new OptionChange(await(two), options("new"))));
      CompletionStage<SubscriberRecord> three = table.put(subscriber(3));
      run(loop, begun, three);
      assertThat(await(begun)).hasSize(2);
      assertThat(await(table.find(byUser("user3@example.net"), 2))).containsExactly(await(three));
      failing.set("optionsConfirmed");
      CompletionStage<SubscriberRecord> four = table.put(subscriber(4));
      CompletionStage<Void> confirmed = table.confirm(await(begun));
      run(loop, confirmed, four);
      await(confirmed);
      assertThat(await(table.find(byUser("user2@example.net"), 2)))
          .extracting(SubscriberRecord::options)
          .containsExactly(options("new"));
      assertThat(await(four).id()).isEqualTo("port-4");
    }
    assertThat(heard)
        .containsExactly(
            "committed 2",
            DEFECT,
            DEFECT,
            "committed 2",
            DEFECT,
            "ended port-1",
            DEFECT,
            "ended port-2",
            "committed 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"begin", "merge"}) // of a probe also
  void aWriterThatFailsAtItsOwnWorkSaysSoAndGoesOn(String work) throws Exception {
    try (SubscriberTable table = troubled(new Listener())) {
      SubscriberRecord there = await(table.put(subscriber(1)));
      PendingChange change =
          await(table.begin(List.of(new OptionChange(there, options("new"))))).get(0);
      failing.set(work);
      CompletionStage<Void> confirmed = table.confirm(List.of(change));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> table.status().failure().orElse("").contains(DEFECT));
      confirmed.toCompletableFuture().exceptionally(e -> null).get(20, TimeUnit.SECONDS);
      failing.set("");
      assertThat(await(table.put(subscriber(2))).id()).isEqualTo("port-2");
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().unmerged() == 0);
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().failure().isEmpty());
    }
    assertThat(heard).contains(DEFECT, "ended port-1");
  }

  /** Which may have kept what was committed out of the index; the log of changes has it. */
  @Test
  void whatAListenerFailedToHearOfIsFollowedInTheLogOfChanges() throws Exception {
    try (SubscriberTable table = troubled(new Listener())) {
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
      SubscriberRecord one = await(table.put(subscriber(1)));
      SubscriberRecord two = await(table.put(subscriber(2)));
      await(table.release(List.of(one)));
      assertThat(await(table.get(NAS, "port-2"))).contains(two); // behind a look at the log
      assertThat(followed).as("what this gateway itself has written").hasValue(0);
      failing.set("released");
      await(table.release(List.of(two)));
      failing.set("");
      assertThat(await(table.get(NAS, "port-2"))).isEmpty();
      assertThat(followed).hasPositiveValue();
    }
  }

  @Test
  void aWriterThatFailsAtItsEndClosesItsSession() throws Exception {
    try (SubscriberTable table = troubled(new Listener())) {
      await(table.put(subscriber(1)));
      failing.set("truncateLog");
    }
    assertThat(closed).hasValue(2); // the reader's and the writer's
    assertThat(heard).containsExactly("committed 1", DEFECT);
  }
}
