package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.DICTIONARY;
import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static io.coagateway.subscriber.TestTables.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.radius.Attributes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table without a database is one with a database to all who use it, while the process lives. */
class MemoryTableTest {
  private static final TableParameters PARAMETERS =
      TableParameters.of(TableParameters.MEMORY).withClientKeys();
  private static final Executor NEVER = task -> {};
  private static final Duid SHARED = subscriber(4711).duid();

  private static SubscriberTable open(TableParameters parameters, Executor completions)
      throws TableUnavailableException {
    return SubscriberTables.open(
        parameters, DICTIONARY, TableObserver.NONE, completions, System::nanoTime);
  }

  // --- against a database ---

  /** One of two tables that the same is done to. */
  private static final class Side implements TableObserver {
    private final SubscriberTable table;
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final Map<Integer, SubscriberRecord> read = new HashMap<>();
    private final List<PendingChange> pending = new ArrayList<>();

    Side(TableParameters parameters) throws TableUnavailableException {
      table = TestTables.open(parameters.withClientKeys(), this);
    }

    @Override
    public void optionsPending(PendingChange change) {
      events.add("pending " + describe(change.base()) + " to " + change.next());
    }

    @Override
    public void optionsConfirmed(SubscriberRecord record) {
      events.add("confirmed " + describe(record));
    }

    @Override
    public void optionsPutBack(SubscriberRecord record) {
      events.add("put back " + describe(record));
    }

    @Override
    public void changeEnded(PendingChange change) {
      events.add("over " + describe(change.base()));
    }

    @Override
    public void released(SubscriberRecord record) {
      events.add("released " + describe(record));
    }

    PendingChange takePending(int n) {
      return pending.remove(n % pending.size());
    }
  }

  @FunctionalInterface
  private interface Deed {
    String on(Side side) throws ExecutionException;
  }

  private static String describe(SubscriberRecord record) {
    return record.toBuilder().version(0).build().toString();
  }

  private static String describe(List<SubscriberRecord> records) {
    return records.stream().map(MemoryTableTest::describe).sorted().collect(Collectors.joining());
  }

  private static String outcome(Deed deed, Side side) {
    try {
      return deed.on(side);
    } catch (ExecutionException e) {
      return e.getCause().getClass().getSimpleName();
    }
  }

  private static SubscriberRecord version(int n, int edition) {
    SubscriberRecord record = subscriber(n);
    SubscriberRecord.Builder builder = record.toBuilder().options(options("edition " + edition));
    if (edition % 3 == 0) {
      builder.session(record.session().plus(Attributes.NAS_PORT_ID, text("1/1/" + (edition & 7))));
    }
    SubscriberRecord one = builder.build();
    return edition % 4 != 0
        ? one
        : SubscriberRecord.builder(one.nas(), one.id(), SHARED, one.linkAddress())
            .session(one.session())
            .options(one.options())
            .build();
  }

  /** What one of the sides is asked to do: the same for both, from the same random numbers. */
  private static Deed deed(Random random, int edition) {
    int n = random.nextInt(12);
    int other = random.nextInt(12);
    int number = random.nextInt(1 << 20);
    OptionList next = options("change " + edition);
    return switch (random.nextInt(16)) {
      case 0, 1 -> side -> describe(await(side.table.put(version(n, edition))));
      case 2 ->
          side -> {
            SubscriberRecord last = side.read.getOrDefault(n, subscriber(n));
            SubscriberRecord changed = last.toBuilder().options(next).build();
            return describe(await(side.table.replace(changed)));
          };
      case 3, 4, 5 ->
          side -> {
            Optional<SubscriberRecord> found =
                await(side.table.get(number % 2 == 0 ? NAS : "", "port-" + n));
            found.ifPresent(record -> side.read.put(n, record));
            return found.map(MemoryTableTest::describe).orElse("none");
          };
      case 6 ->
          side ->
              await(side.table.remove(number % 2 == 0 ? NAS : "", "port-" + n))
                  .map(MemoryTableTest::describe)
                  .orElse("none");
      case 7 ->
          side -> {
            RecordEdit.Changes done =
                await(side.table.edit(NAS, SHARED, there -> edit(there, number, next)));
            return "put " + describe(done.put()) + " removed " + describe(done.removed());
          };
      case 8, 9, 10 ->
          side -> {
            List<OptionChange> changes = new ArrayList<>();
            changes.add(new OptionChange(side.read.getOrDefault(n, subscriber(n)), next));
            if (number % 3 == 0) {
              changes.add(new OptionChange(side.read.getOrDefault(other, subscriber(other)), next));
            }
            List<PendingChange> begun = await(side.table.begin(changes));
            side.pending.addAll(begun);
            return begun.size() + " begun";
          };
      case 11, 12 ->
          side -> {
            if (side.pending.isEmpty()) {
              return "";
            }
            await(side.table.confirm(List.of(side.takePending(number))));
            return "confirmed";
          };
      case 13 ->
          side -> {
            if (side.pending.isEmpty()) {
              return "";
            }
            await(side.table.rollBack(List.of(side.takePending(number))));
            return "rolled back";
          };
      case 14 ->
          side -> {
            await(side.table.release(List.of(side.read.getOrDefault(n, subscriber(n)))));
            return "";
          };
      default ->
          side ->
              describe(await(side.table.find(byUser("user" + n + "@example.net"), 9)))
                  + describe(await(side.table.findClient("", SHARED, 99)))
                  + describe(await(side.table.findClient(NAS, subscriber(n).duid(), 99)))
                  + describe(await(side.table.findByKey(NAS, ClientKey.duid(SHARED), 99)))
                  + describe(
                      await(side.table.expired(Instant.ofEpochSecond(1_795_300_000L + n), 99)));
    };
  }

  private static RecordEdit.Changes edit(
      List<SubscriberRecord> there, int number, OptionList next) {
    List<SubscriberRecord> sorted =
        there.stream().sorted(Comparator.comparing(SubscriberRecord::id)).toList();
    if (sorted.isEmpty()) {
      return RecordEdit.Changes.NONE;
    }
    SubscriberRecord one = sorted.get(number % sorted.size());
    return switch (number % 3) {
      case 0 -> RecordEdit.Changes.put(one); // as it is
      case 1 -> RecordEdit.Changes.put(one.toBuilder().options(next).build());
      default -> RecordEdit.Changes.remove(one);
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void doesWhatATableOverADatabaseDoes(long seed, @TempDir Path directory) throws Exception {
    Side memory = new Side(PARAMETERS);
    Side database = new Side(TableParameters.of(TestTables.url(directory)));
    int failures = 0;
    try (memory.table;
        database.table) {
      await().until(() -> database.table.status().indexComplete());
      Random random = new Random(seed);
      for (int edition = 0; edition < 600; edition++) {
        Deed deed = deed(random, edition);
        String there = outcome(deed, database);
        assertThat(outcome(deed, memory)).as("deed %d", edition).isEqualTo(there);
        assertThat(memory.events).as("deed %d", edition).isEqualTo(database.events);
        failures += there.equals("StaleRecordException") ? 1 : 0;
      }
      assertThat(memory.table.status().records()).isEqualTo(database.table.status().records());
    }
    assertThat(failures).isBetween(20, 200); // or the question was none
    assertThat(memory.events)
        .anyMatch(event -> event.startsWith("confirmed"))
        .anyMatch(event -> event.startsWith("put back"))
        .anyMatch(event -> event.startsWith("released"));
  }

  // --- what is different ---

  @Test
  void waitsForNothing() throws Exception {
    try (SubscriberTable table = open(PARAMETERS, NEVER)) {
      SubscriberRecord stored = table.put(subscriber(1)).toCompletableFuture().getNow(null);
      CompletionStage<List<PendingChange>> begun =
          table.begin(List.of(new OptionChange(stored, options("new"))));
      CompletionStage<Void> confirmed =
          table.confirm(begun.toCompletableFuture().getNow(List.of()));
      assertThat(confirmed.toCompletableFuture()).isCompleted();
      assertThat(table.find(byUser("user1@example.net"), 2).toCompletableFuture())
          .isCompletedWithValueMatching(found -> found.get(0).options().equals(options("new")));
      assertThat(table.find(byUser("nobody"), 2).toCompletableFuture())
          .isCompletedWithValue(List.of());
      assertThat(table.get(NAS, "port-2").toCompletableFuture())
          .isCompletedWithValue(Optional.empty());
      assertThat(table.hold(List.of(stored), Duration.ofSeconds(1)).toCompletableFuture())
          .isCompletedWithValue(Hold.NONE);
      assertThat(table.status().indexComplete()).isTrue();
      assertThat(table.status().lookups()).isEqualTo(new TableStatus.Lookups(2, 0));
    }
  }

  @Test
  void looksAtEveryRecordWhereTheKeysAreShared() throws Exception {
    AtomicInteger told = new AtomicInteger();
    Executor completions =
        task -> {
          told.incrementAndGet();
          task.run();
        };
    try (SubscriberTable table = open(PARAMETERS, completions)) {
      for (int n = 0; n < 200; n++) {
        SubscriberRecord one = subscriber(n);
        await(
            table.put(
                SubscriberRecord.builder(
                        n < 150 ? NAS : "nas2", one.id(), SHARED, one.linkAddress())
                    .session(SessionAttributes.of(Attributes.USER_NAME, text("everybody")))
                    .build()));
      }
      assertThat(await(table.find(byUser("everybody"), 1000))).hasSize(150);
      assertThat(await(table.find(byUser("everybody"), 2))).hasSize(2);
      assertThat(await(table.findClient("", SHARED, 1000))).hasSize(200);
      assertThat(await(table.findClient("nas2", SHARED, 1000))).hasSize(50);
      assertThat(told).hasValue(4); // where the caller wants to be told
      assertThat(table.status().lookups()).isEqualTo(new TableStatus.Lookups(0, 2));

      RecordEdit.Changes done =
          await(
              table.edit(
                  "nas2", SHARED, there -> new RecordEdit.Changes(List.of(), there.subList(0, 9))));
      assertThat(done.removed()).hasSize(9).allMatch(record -> record.nas().equals("nas2"));
      assertThat(table.status().records()).isEqualTo(191);
    }
  }

  /** Without a look at every record: a PUT of a new record without a NAS asks for this. */
  @Test
  void anIdWithoutItsNasMeansTheOneThatHasNoneElseTheOnlyOne() throws Exception {
    try (SubscriberTable table = open(PARAMETERS, NEVER)) {
      await(table.put(subscriber(1)));
      assertThat(await(table.get("", "port-1")).orElseThrow().nas()).isEqualTo(NAS);
      await(table.put(copyFor("nas2")));
      assertThat(await(table.get("", "port-1"))).isEmpty();
      await(table.put(copyFor("")));
      assertThat(await(table.get("", "port-1")).orElseThrow().nas()).isEmpty();
      assertThat(await(table.remove("", "port-1")).orElseThrow().nas()).isEmpty();
      assertThat(await(table.remove("", "port-1"))).isEmpty();
      assertThat(await(table.remove("nas2", "port-1"))).isPresent();
      assertThat(await(table.remove("", "port-1")).orElseThrow().nas()).isEqualTo(NAS);
      assertThat(table.status().records()).isZero();
    }
  }

  private static SubscriberRecord copyFor(String nas) {
    SubscriberRecord one = subscriber(1);
    return SubscriberRecord.builder(nas, one.id(), one.duid(), one.linkAddress()).build();
  }

  @Test
  void refusesWhenTooManyWaitForALookAtEveryRecord() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Executor slow =
        task -> {
          busy.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          task.run();
        };
    TableParameters one =
        new TableParameters(
            TableParameters.MEMORY, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
    try (SubscriberTable table = open(one, slow)) {
      CompletionStage<?> first = table.expired(Instant.EPOCH, 1);
      busy.await();
      CompletionStage<?> second = table.expired(Instant.EPOCH, 1);
      assertThat(failure(table.expired(Instant.EPOCH, 1)))
          .isInstanceOfSatisfying(
              TableUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(TableUnavailableException.Reason.QUEUE_FULL));
      assertThat(table.status().queued()).isEqualTo(1);
      go.countDown();
      assertThat(await(first)).isEqualTo(await(second)).isEqualTo(List.of());
    }
  }

  @Test
  void aFileAndACoaWriteTheSameRecordAndNeitherIsLost() throws Exception {
    try (MemoryTable table = new MemoryTable(PARAMETERS, TableObserver.NONE, Runnable::run)) {
      await(table.put(subscriber(1)));
      CountDownLatch done = new CountDownLatch(1);
      AtomicInteger moves = new AtomicInteger();
      Thread file =
          new Thread(
              () -> {
                RecordSession session = table.session();
                while (done.getCount() > 0 || moves.get() < 100) {
                  try {
                    session.begin();
                    SubscriberRecord now =
                        session.read(new RecordKey(NAS, "port-1")).orElseThrow().record();
                    session.put(
                        now.toBuilder()
                            .interfaceId(text("move " + moves.incrementAndGet()))
                            .build());
                    session.commit();
                  } catch (TableUnavailableException e) {
                    throw new AssertionError(e);
                  }
                }
              });
      file.start();
      for (int n = 1; n <= 1000; n++) {
        change(table, options("change " + n));
        assertThat(await(table.get(NAS, "port-1")).orElseThrow().options())
            .isEqualTo(options("change " + n));
      }
      done.countDown();
      file.join();
      SubscriberRecord last = await(table.get(NAS, "port-1")).orElseThrow();
      assertThat(last.interfaceId()).contains(text("move " + moves.get()));
      assertThat(last.options()).isEqualTo(options("change 1000"));
    }
  }

  private static void change(SubscriberTable table, OptionList next) throws Exception {
    while (true) {
      SubscriberRecord base = await(table.get(NAS, "port-1")).orElseThrow();
      try {
        await(table.confirm(await(table.begin(List.of(new OptionChange(base, next))))));
        return;
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(StaleRecordException.class); // read again
      }
    }
  }

  @Test
  void saysThatItIsClosed() throws Exception {
    SubscriberTable table = open(PARAMETERS, Runnable::run);
    table.close();
    table.close();
    for (CompletionStage<?> asked :
        List.of(
            table.find(byUser("anybody"), 2),
            table.put(subscriber(1)),
            table.begin(List.of()),
            table.release(List.of()),
            table.expired(Instant.EPOCH, 1))) {
      assertThat(failure(asked))
          .isInstanceOfSatisfying(
              TableUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(TableUnavailableException.Reason.CLOSED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "jdbc:sqlite::memory:"})
  void noCommandReachesIt(String database) {
    TableParameters parameters = TableParameters.of(database);
    assertThatThrownBy(() -> SubscriberTables.transfer(parameters, DICTIONARY, problems -> {}))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessageContaining("memory of the running gateway")
        .hasMessageContaining("subscribers.file");
  }
}
