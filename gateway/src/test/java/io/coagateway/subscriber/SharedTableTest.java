package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two gateways on one table in PostgreSQL. */
class SharedTableTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<PendingChange> left = Collections.synchronizedList(new ArrayList<>());
  private final List<String> told = Collections.synchronizedList(new ArrayList<>()); // of one
  private TestDatabase database;
  private SubscriberTable one;
  private SubscriberTable two;
  private Hold twosHold;

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.Kind.POSTGRESQL.in(null);
    one =
        TestTables.open(
            database.parameters("one"),
            new TableObserver() {
              @Override
              public void optionsConfirmed(SubscriberRecord record) {
                told.add("confirmed " + record.options());
                if (one.findClient(NAS, record.duid(), 1)
                    .toCompletableFuture()
                    .join()
                    .equals(List.of(record))) {
                  told.add("found");
                }
              }

              @Override
              public void optionsPutBack(SubscriberRecord record) {
                told.add("put back " + record.options());
              }

              @Override
              public void changeEnded(PendingChange change) {
                told.add("ended");
              }

              @Override
              public void left(List<PendingChange> changes) {
                changes.forEach(change -> told.add("left " + change.base().id()));
              }
            });
    two =
        TestTables.open(
            database.parameters("two"),
            new TableObserver() {
              @Override
              public void left(List<PendingChange> changes) {
                left.addAll(changes);
              }
            });
    for (SubscriberTable table : List.of(one, two)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
    }
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static SubscriberRecord found(SubscriberTable table, int n) throws Exception {
    return await(table.find(byUser("user" + n + "@example.net"), 2)).get(0);
  }

  @Test
  void eachSeesWhatTheOtherWrites() throws Exception {
    SubscriberRecord base = await(one.put(subscriber(1)));
    assertThat(found(two, 1)).isEqualTo(base); // by the very next lookup
    PendingChange change = await(one.begin(List.of(new OptionChange(base, options("new"))))).get(0);
    await(one.confirm(List.of(change)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> found(two, 1).options().equals(options("new")));
    assertThat(found(two, 1).version()).isEqualTo(change.mark());
    await(two.remove(NAS, "port-1"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> await(one.find(byUser("user1@example.net"), 2)).isEmpty());
  }

  @Test
  void onlyOneHoldsASubscriberAtATime() throws Exception {
    SubscriberRecord first = await(one.put(subscriber(1)));
    SubscriberRecord second = await(one.put(subscriber(2)));
    Hold hold = await(one.hold(List.of(first, second), LONG));
    assertThat(failure(two.hold(List.of(second), LONG)))
        .isInstanceOf(HeldElsewhereException.class)
        .hasMessageContaining("gateway one");
    one.letGo(hold);
    untilTwoHolds(second);
  }

  /** Nobody waits for the end of a hold, so another gateway may still be refused for a moment. */
  private void untilTwoHolds(SubscriberRecord record) {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsMatching(e -> e.getCause() instanceof HeldElsewhereException)
        .until(() -> !await(two.hold(List.of(record), LONG)).keys().isEmpty());
  }

  @Test
  void takesAllSubscribersOfARequestOrNone() throws Exception {
    SubscriberRecord first = await(one.put(subscriber(1)));
    SubscriberRecord second = await(one.put(subscriber(2)));
    await(one.hold(List.of(second), LONG));
    assertThat(failure(two.hold(List.of(first, second), LONG)))
        .isInstanceOf(HeldElsewhereException.class);
    await(one.hold(List.of(first), LONG)); // which two did not keep
  }

  @Test
  void aHoldThatHasRunOutIsNone() throws Exception {
    SubscriberRecord record = await(one.put(subscriber(1)));
    await(one.hold(List.of(record), Duration.ofMillis(1)));
    untilTwoHolds(record);
  }

  @Test
  void refusesToHoldWhatTheOtherHasChanged() throws Exception {
    SubscriberRecord old = await(one.put(subscriber(1)));
    await(one.put(subscriber(1).toBuilder().options(options("newer")).build()));
    assertThat(failure(two.hold(List.of(old), LONG))).isInstanceOf(StaleRecordException.class);
    assertThat(found(two, 1).options()).isEqualTo(options("newer")); // and sees it from now on
  }

  /** As dead as if it had been killed: nothing is taken back. */
  private void oneDiesAtWork(String options, SubscriberRecord... on) throws Exception {
    await(one.hold(List.of(on), LONG));
    await(one.begin(Stream.of(on).map(base -> new OptionChange(base, options(options))).toList()));
    one.close();
  }

  private void endLeases(int count) throws SQLException {
    assertThat(database.execute("UPDATE lease SET until = now()")).as("holds").isEqualTo(count);
  }

  @Test
  void takesOverWhatADeadGatewayLeftWhenItsHoldIsOver() throws Exception {
    oneDiesAtWork("new", await(one.put(subscriber(1))));
    assertThat(left).isEmpty();
    endLeases(1);
    await().atMost(Duration.ofSeconds(20)).until(() -> !left.isEmpty());
    assertThat(left).extracting(change -> change.base().id()).containsExactly("port-1");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> found(two, 1).options().equals(options("new")));
    await(two.confirm(left));
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
  }

  /** Else they would be looked for, and found unreadable, once a second for ever. */
  @Test
  void forgetsWhatItTookOverOfARecordThatCannotBeReadAnyMore() throws Exception {
    oneDiesAtWork("new", await(one.put(subscriber(1))), await(one.put(subscriber(2))));
    endLeases(2);
    await().atMost(Duration.ofSeconds(20)).until(() -> left.size() == 2);
    database.execute("UPDATE subscriber SET ias = '[7]' WHERE id = 'port-1'");
    endLeases(2); // before the exchange has ended
    await().atMost(Duration.ofSeconds(20)).until(() -> left.size() == 3);
    assertThat(left.get(2).base().id()).isEqualTo("port-2");
    assertThat(database.ask("SELECT mark FROM pending"))
        .isEqualTo(Long.toString(left.get(2).mark()));
    database.execute("UPDATE subscriber SET ias = '[]' WHERE id = 'port-1'");
    assertThat(await(two.get(NAS, "port-1")).orElseThrow().options()).isEqualTo(options("new"));
  }

  /**
   * The database was out of reach for longer than the hold, as seen by the first gateway alone.
   * What the relay hears last must be what the table has, and the second gateway's exchange goes
   * on.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAnotherGatewayTookOverIsNotPutBack(boolean ended) throws Exception {
    SubscriberRecord base = await(one.put(subscriber(1)));
    await(one.hold(List.of(base), LONG));
    List<PendingChange> change = await(one.begin(List.of(new OptionChange(base, options("new")))));
    endLeases(1);
    await().atMost(Duration.ofSeconds(20)).until(() -> !left.isEmpty());
    if (ended) {
      await(two.confirm(left));
    }
    await(one.rollBack(change));
    assertThat(await(two.get(NAS, "port-1")).orElseThrow().options()).isEqualTo(options("new"));
    assertThat(told).containsExactly("confirmed " + options("new"), "found", "ended");
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo(ended ? "0" : "1");
    await(two.confirm(left));
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
  }

  /** Which it has under way still, like after a pause of the whole machine. */
  @Test
  void aGatewayDoesNotTakeItsOwnChangesForThoseOfADeadOne() throws Exception {
    SubscriberRecord mine = await(one.put(subscriber(1)));
    SubscriberRecord others = await(one.put(subscriber(2)));
    await(two.hold(List.of(found(two, 2)), LONG));
    await(two.begin(List.of(new OptionChange(others, options("left")))));
    two.close(); // as dead as if it had been killed: nothing is taken back
    PendingChange change = await(one.begin(List.of(new OptionChange(mine, options("new"))))).get(0);
    endLeases(1); // and there is none of its own
    await().atMost(Duration.ofSeconds(20)).until(() -> told.contains("left port-2"));
    assertThat(told).containsExactly("left port-2");
    assertThat(database.ask("SELECT mark FROM pending WHERE state = 0"))
        .isEqualTo(Long.toString(change.mark()));
    await(one.confirm(List.of(change)));
    assertThat(await(one.get(NAS, "port-1")).orElseThrow().version()).isEqualTo(change.mark());
  }

  /** The subscriber is asked for again before anybody has looked for what was left. */
  @Test
  void whatADeadGatewayLeftDoesNotReplaceWhatIsNewer() throws Exception {
    oneDiesAtWork("left", await(one.put(subscriber(1))));
    endLeases(1);
    List<PendingChange> newer =
        await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofSeconds(20))
            .ignoreExceptionsMatching(e -> e instanceof ExecutionException)
            .until(this::twoBegins, changes -> !changes.isEmpty());
    await(two.confirm(newer));
    two.letGo(twosHold);
    await().atMost(Duration.ofSeconds(20)).until(() -> !left.isEmpty());
    await(two.confirm(left));
    assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
    assertThat(await(two.get(NAS, "port-1")).orElseThrow().options()).isEqualTo(options("newer"));
    assertThat(found(two, 1).options()).isEqualTo(options("newer"));
  }

  private List<PendingChange> twoBegins() throws Exception {
    SubscriberRecord now = found(two, 1);
    twosHold = await(two.hold(List.of(now), LONG));
    return await(two.begin(List.of(new OptionChange(now, options("newer")))));
  }

  /** As after a request that was given up. */
  @Test
  void aChangeOfItsOwnKeepsAGatewayFromNothing() throws Exception {
    SubscriberRecord base = await(one.put(subscriber(1)));
    Hold hold = await(one.hold(List.of(base), LONG));
    await(one.begin(List.of(new OptionChange(base, options("stuck")))));
    assertThat(await(one.hold(List.of(base), LONG)).keys()).isEqualTo(hold.keys());
    assertThat(failure(two.hold(List.of(found(two, 1)), LONG)))
        .isInstanceOf(HeldElsewhereException.class);
  }

  @Test
  void aGatewayThatStartsAgainFindsItsOwnChangesAlone() throws Exception {
    SubscriberRecord mine = await(one.put(subscriber(1)));
    SubscriberRecord others = await(one.put(subscriber(2)));
    await(one.hold(List.of(mine), LONG));
    await(one.begin(List.of(new OptionChange(mine, options("mine")))));
    await(two.hold(List.of(others), LONG));
    await(two.begin(List.of(new OptionChange(others, options("others")))));
    one.close();
    one = TestTables.open(database.parameters("one"), TableObserver.NONE);
    assertThat(one.foundAtStart())
        .extracting(change -> change.base().id())
        .containsExactly("port-1");
  }

  @Test
  void countsOnlyOneOfTwoChangesOfTheSameRecord() throws Exception {
    SubscriberRecord base = await(one.put(subscriber(1)));
    AtomicInteger stale = new AtomicInteger();
    int changes = 0;
    for (int i = 0; i < 50; i++) {
      SubscriberRecord read = await(one.get(NAS, "port-1")).orElseThrow();
      List<CompletableFuture<SubscriberRecord>> both =
          List.of(
              one.replace(read.toBuilder().options(options("one" + i)).build())
                  .toCompletableFuture(),
              two.replace(read.toBuilder().options(options("two" + i)).build())
                  .toCompletableFuture());
      for (CompletableFuture<SubscriberRecord> each : both) {
        try {
          await(each);
          changes++;
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(StaleRecordException.class);
          stale.incrementAndGet();
        }
      }
    }
    assertThat(changes).isEqualTo(50);
    assertThat(stale).hasValue(50);
    assertThat(base.version()).isPositive();
  }

  /** PostgreSQL's texts have no U+0000, and its indexes no entry of 8,000 octets. */
  @Test
  void refusesOneRecordAloneAmongThoseThatComeTogether() throws Exception {
    SubscriberRecord good = subscriber(1);
    List<CompletableFuture<SubscriberRecord>> puts = new ArrayList<>();
    try (Connection blocker = database.connect();
        Statement statement = blocker.createStatement()) {
      database.lock(statement); // while somebody else writes, requests gather
      puts.add(one.put(subscriber(0)).toCompletableFuture());
      puts.add(one.put(good).toCompletableFuture());
      puts.add(one.put(named("a\0b")).toCompletableFuture());
      puts.add(one.put(named(random(8000))).toCompletableFuture());
      puts.add(one.put(subscriber(2)).toCompletableFuture());
      statement.execute("COMMIT");
    }
    assertThat(await(puts.get(1)).sameContent(good)).isTrue();
    for (int refused : List.of(2, 3)) {
      assertThat(failure(puts.get(refused)))
          .isInstanceOfSatisfying(
              TableUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(TableUnavailableException.Reason.REFUSED));
    }
    SubscriberRecord last = await(puts.get(4));
    assertThat(found(two, 2)).isEqualTo(last);
    assertThat(one.status().failure()).as("of the database").isEmpty();
  }

  private static SubscriberRecord named(String id) {
    SubscriberRecord record = subscriber(3);
    return SubscriberRecord.builder(NAS, id, record.duid(), record.linkAddress()).build();
  }

  /** Which no compression makes short enough. */
  private static String random(int length) {
    return new Random(1)
        .ints(length, '!', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void tellsAWriterToRepeatWhatWasWrittenUnderHim() throws Exception {
    await(one.put(subscriber(1)));
    try (Connection first = database.connect();
        Statement writing = first.createStatement();
        Connection second = database.connect();
        Statement late = second.createStatement()) {
      database.lock(writing);
      writing.execute("UPDATE subscriber SET ias = '[]' WHERE id = 'port-1'");
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return late.executeUpdate(
                      "UPDATE subscriber SET session = '{}' WHERE id = 'port-1'");
                } catch (SQLException e) {
                  throw new IllegalStateException(e.getSQLState(), e);
                }
              });
      database.untilOneWaits("query LIKE 'UPDATE subscriber SET session%'");
      writing.execute("COMMIT");
      assertThatThrownBy(() -> await(waiting)).cause().hasMessage("40001");
    }
    assertThat(await(one.get(NAS, "port-1")).orElseThrow().session().isEmpty()).isFalse();
  }
}
