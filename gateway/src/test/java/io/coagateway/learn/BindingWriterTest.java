package io.coagateway.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.ServerAccess;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.subscriber.UnaskedTable;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingWriterTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");
  private static final Ipv6Prefix PREFIX = Ipv6Prefix.parse("2001:db8:4200::/56");

  @TempDir private Path directory;
  private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final ManualTime time = new ManualTime();
  private final List<String> told = new ArrayList<>();
  private SubscriberTable table;
  private BindingWriter writer;

  @BeforeEach
  void open() throws Exception {
    TableParameters parameters =
        new TableParameters(
            "jdbc:sqlite:" + directory.resolve("s.db"),
            100,
            Duration.ofMillis(10), // for another process's lock
            Duration.ofMillis(50),
            ServerAccess.of(Optional.empty(), Optional.empty(), "test"));
    table =
        SubscriberTables.open(
            parameters,
            AttributeDictionary.builder().build(),
            TableObserver.NONE,
            loop::add,
            time::nanos);
    writer =
        new BindingWriter(
            table,
            "nas1",
            2,
            time,
            new LearnObserver() {
              @Override
              public void skipped(SkipReason reason, String detail) {
                told.add(reason.label());
              }

              @Override
              public void took(Result result, SubscriberRecord record) {
                told.add(result + " " + record.id());
              }
            });
  }

  @AfterEach
  void close() {
    table.close();
  }

  /** Runs what the table has completed, until {@code count} things have been told. */
  private void until(int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
                task.run();
              }
              return told.size() >= count;
            });
  }

  private static BindingChange change(LeaseChange lease) {
    return new BindingChange(
        new RelayedClient(
            CLIENT,
            Ipv6Address.parse("2001:db8:0:7::1"),
            Ipv6Address.parse("fe80::7"),
            Optional.of(Octets.ofUtf8("1/1/7")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        Duid.ofHex("0003000102005e0000aa"),
        ReconfigureAccept.UNKNOWN,
        List.of(lease));
  }

  private static BindingChange granted() {
    return change(
        new LeaseChange.Granted(IdentityAssociation.Type.IA_PD, 2, PREFIX, NOW.plusSeconds(600)));
  }

  private static BindingChange gone() {
    return change(new LeaseChange.Gone(IdentityAssociation.Type.IA_PD, 2, PREFIX));
  }

  @Test
  void aBindingComesIntoTheTableAndGoesAgain() {
    writer.accept(granted());
    until(1);
    writer.accept(granted());
    until(2);
    writer.accept(gone());
    until(3);

    String id = "0003000102005e100007@2001:db8:0:7::1/1/1/7";
    assertThat(told).containsExactly("LEARNED " + id, "UNCHANGED " + id, "REMOVED " + id);
    assertThat(writer.pending()).isZero();
  }

  @Test
  void doesNotTryAgainWhatTheDatabaseWillNeverTake() throws Exception {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("s.db"));
        Statement statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER refused BEFORE INSERT ON subscriber_base BEGIN SELECT RAISE(ABORT, 'no'); END");
    }
    writer.accept(granted());
    until(1);
    assertThat(told).containsExactly("table-unavailable");
    assertThat(writer.pending()).isZero();
  }

  @Test
  void changesWaitInOrderWhileTheTableCannotBeWritten() throws Exception {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("s.db"));
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE"); // another process holds the database
      writer.accept(granted());
      until(1);
      writer.accept(gone());
      writer.accept(granted()); // one too many
      assertThat(told).containsExactly("table-unavailable", "queue-full");
      statement.execute("ROLLBACK");
    }
    told.clear();
    time.pass(Duration.ofSeconds(1));
    until(2);

    String id = "0003000102005e100007@2001:db8:0:7::1/1/1/7";
    assertThat(told).containsExactly("LEARNED " + id, "REMOVED " + id);
  }

  /** A table of which the test says when an edit fails, and that notes what it was to write. */
  private static final class FailingTable extends UnaskedTable {
    private final List<CompletableFuture<RecordEdit.Changes>> asked = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private boolean refuses;

    @Override
    public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
      if (refuses) {
        return CompletableFuture.failedFuture(new IllegalStateException("too many wait"));
      }
      edit.apply(List.of());
      written.add(duid.toString());
      CompletableFuture<RecordEdit.Changes> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }

    void succeed(int n) {
      asked.get(n).complete(RecordEdit.Changes.NONE);
    }

    void fail(int n) {
      asked.get(n).completeExceptionally(new IllegalStateException("disk full"));
    }
  }

  /** As far as order is concerned, a change is its client. */
  private static BindingChange of(String duid) {
    BindingChange one = granted();
    RelayedClient client = one.client();
    return new BindingChange(
        new RelayedClient(
            Duid.ofHex(duid),
            client.linkAddress(),
            client.peerAddress(),
            client.interfaceId(),
            client.remoteId(),
            client.subscriberId(),
            client.linkLayerAddress()),
        one.server(),
        one.reconfigureAccept(),
        one.leases());
  }

  private static BindingWriter writerInto(FailingTable failing, ManualTime time) {
    return new BindingWriter(failing, "nas1", 10, time, new LearnObserver() {});
  }

  @Test
  void whatIsRefusedAtOnceKeepsItsPlaceBeforeWhatCameLater() {
    FailingTable failing = new FailingTable();
    BindingWriter into = writerInto(failing, time);
    failing.refuses = true;
    into.accept(of("00030a")); // a grant, say
    into.accept(of("00030b")); // and that it was given back
    time.pass(Duration.ofSeconds(1));
    failing.refuses = false;
    time.pass(Duration.ofSeconds(1));
    assertThat(failing.written).containsExactly("00030a", "00030b");
  }

  @Test
  void whatFailsLateKeepsItsPlaceBeforeWhatCameLater() {
    FailingTable failing = new FailingTable();
    BindingWriter into = writerInto(failing, time);
    into.accept(of("00030a"));
    into.accept(of("00030b"));
    failing.fail(0);
    into.accept(of("00030c"));
    assertThat(into.pending()).as("on its way, and two that wait").isEqualTo(3);
    failing.fail(1);
    failing.written.clear();
    time.pass(Duration.ofSeconds(1));
    assertThat(failing.written).containsExactly("00030a", "00030b", "00030c");
    assertThat(into.pending()).isEqualTo(3);
  }

  @Test
  void whatFailsIsNotTriedAgainBehindALaterChangeOfTheSameClient() {
    FailingTable failing = new FailingTable();
    BindingWriter into = writerInto(failing, time);
    into.accept(of("00030a")); // a grant, say
    into.accept(of("00030a")); // and that it was given back
    assertThat(into.pending()).isEqualTo(2);
    into.accept(of("00030b"));
    assertThat(failing.written).containsExactly("00030a", "00030b");
    assertThat(into.pending()).isEqualTo(3);

    failing.fail(0);
    failing.succeed(1);
    assertThat(failing.written).as("before its time").containsExactly("00030a", "00030b");
    assertThat(into.pending()).isEqualTo(2);
    time.pass(Duration.ofSeconds(1));
    assertThat(failing.written).containsExactly("00030a", "00030b", "00030a");

    failing.succeed(2);
    assertThat(failing.written).containsExactly("00030a", "00030b", "00030a", "00030a");
    failing.succeed(3);
    assertThat(into.pending()).isZero();
  }

  @Test
  void whatFailsIsTriedAgainEverySecondHoweverManyFail() {
    FailingTable failing = new FailingTable();
    BindingWriter into = writerInto(failing, time);
    into.accept(of("00030a"));
    into.accept(of("00030b"));
    failing.fail(0);
    time.pass(Duration.ofMillis(500));
    failing.fail(1);
    failing.refuses = true;
    time.pass(Duration.ofMillis(500)); // both are refused again
    failing.refuses = false;
    time.pass(Duration.ofMillis(999));
    assertThat(failing.written).containsExactly("00030a", "00030b");
    time.pass(Duration.ofMillis(1));
    assertThat(failing.written).containsExactly("00030a", "00030b", "00030a", "00030b");
  }

  @Test
  void recordsThatContradictEachOtherAreTold() {
    for (String id : List.of("one", "two")) {
      table.put(
          SubscriberRecord.builder("nas1", id, CLIENT, Ipv6Address.parse("2001:db8:0:7::1"))
              .build());
    }
    writer.accept(granted());
    until(1);
    assertThat(told).containsExactly("contradiction");
    assertThat(writer.pending()).isZero();
  }

  @Test
  void anObserverThatFailsDoesNotEndTheLearningOfAClient() {
    FailingTable failing = new FailingTable();
    BindingWriter into =
        new BindingWriter(
            failing,
            "nas1",
            8,
            time,
            new LearnObserver() {
              @Override
              public void took(Result result, SubscriberRecord record) {
                throw new IllegalStateException("out of luck");
              }
            });
    into.accept(of("00030a"));
    into.accept(of("00030a"));
    failing.succeed(0);
    failing.succeed(1);
    assertThat(into.pending()).isZero();
  }
}
