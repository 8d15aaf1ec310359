package io.coagateway.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.subscriber.UnaskedTable;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpirySweepTest {
  private static final Ipv6Prefix SHORT = Ipv6Prefix.parse("2001:db8:1::/56");
  private static final Ipv6Prefix LONG = Ipv6Prefix.parse("2001:db8:2::/56");

  /** What the sweep asks of a table, complete when the call returns. */
  private static class TableAtOnce extends UnaskedTable {
    private final SubscriberTable table;

    TableAtOnce(SubscriberTable table) {
      this.table = table;
    }

    private static <T> CompletionStage<T> done(CompletionStage<T> stage) {
      return CompletableFuture.completedFuture(stage.toCompletableFuture().join());
    }

    @Override
    public CompletionStage<SubscriberRecord> put(SubscriberRecord record) {
      return done(table.put(record));
    }

    @Override
    public CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit) {
      return done(table.expired(now, limit));
    }

    @Override
    public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
      return done(table.edit(nas, duid, edit));
    }

    @Override
    public TableStatus status() {
      return table.status();
    }

    @Override
    public void close() {
      table.close();
    }
  }

  private final ManualTime time = new ManualTime();
  private final List<String> expired = new ArrayList<>();
  private SubscriberTable table;

  @BeforeEach
  void open() throws Exception {
    table =
        new TableAtOnce(
            SubscriberTables.open(
                TableParameters.of(TableParameters.MEMORY),
                AttributeDictionary.builder().build(),
                TableObserver.NONE,
                Runnable::run,
                time::nanos));
  }

  @AfterEach
  void close() {
    table.close();
  }

  private void put(int client, Ipv6Prefix lease, List<Instant> ends) {
    put(client, "r" + client, lease, ends);
  }

  private void put(int client, String id, Ipv6Prefix lease, List<Instant> ends) {
    SubscriberRecord record =
        SubscriberRecord.builder(
                "nas1",
                id,
                Duid.ofHex("00030001%012x".formatted(client)),
                Ipv6Address.parse("2001:db8::1"))
            .ia(
                new IdentityAssociation(
                    IdentityAssociation.Type.IA_PD, OptionalLong.of(1), List.of(lease), ends))
            .build();
    table.put(record);
  }

  /** Starts it. */
  private void sweep() {
    new ExpirySweep(
            table,
            time,
            time,
            new LearnObserver() {
              @Override
              public void expired(SubscriberRecord record) {
                expired.add(record.id());
              }
            })
        .start();
  }

  @Test
  void noLeaseGoesBecauseTheClockWasSetForward() {
    put(1, SHORT, List.of(time.instant().plusSeconds(60)));
    put(2, LONG, List.of(time.instant().plusSeconds(600)));
    sweep();
    time.pass(Duration.ofSeconds(10));
    time.setWallClock(time.instant().plus(Duration.ofHours(20)));
    time.pass(Duration.ofSeconds(50));
    assertThat(expired).isEmpty();
    time.pass(Duration.ofSeconds(6));
    assertThat(expired).containsExactly("r1");
    assertThat(table.status().records()).isOne();
  }

  /** A client may renew its IA_NA and its IA_PD in exchanges of their own. */
  @Test
  void aReplyForOneAssociationEndsNoOtherBecauseTheClockWasSetForward() {
    put(1, SHORT, List.of(time.instant().plusSeconds(600)));
    sweep();
    time.pass(Duration.ofSeconds(10));
    time.setWallClock(time.instant().plus(Duration.ofDays(1)));
    Ipv6Prefix address = Ipv6Prefix.parse("2001:db8::1000/128");
    List<SubscriberRecord> updated = new ArrayList<>();
    new BindingWriter(
            table,
            "nas1",
            1,
            time,
            new LearnObserver() {
              @Override
              public void took(Result result, SubscriberRecord record) {
                updated.add(record);
              }
            })
        .accept(
            new BindingChange(
                new RelayedClient(
                    Duid.ofHex("00030001000000000001"),
                    Ipv6Address.parse("2001:db8::1"),
                    Ipv6Address.parse("fe80::1"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                Duid.ofHex("0003000102005e0000aa"),
                ReconfigureAccept.UNKNOWN,
                List.of(
                    new LeaseChange.Granted(
                        IdentityAssociation.Type.IA_NA,
                        1,
                        address,
                        time.instant().plusSeconds(600)))));
    assertThat(updated).hasSize(1);
    assertThat(updated.get(0).ias())
        .flatExtracting(IdentityAssociation::leases)
        .containsExactly(SHORT, address);

    expiresAfter("r1", Duration.ofSeconds(594));
  }

  @Test
  void leasesGoWhenTheirTimeIsOverAndNoOthers() {
    put(1, SHORT, List.of(time.instant().plusSeconds(60)));
    put(2, LONG, List.of(time.instant().plusSeconds(600)));
    put(3, LONG, List.of(IdentityAssociation.FOREVER));
    put(4, LONG, List.of()); // nobody saw its lifetime
    sweep();

    expiresAfter("r1", Duration.ofSeconds(64));
    assertThat(table.status().records()).isEqualTo(3);
  }

  @Test
  void ofTwoRecordsOfOneClientTheOneWhoseLeaseIsOverGoes() {
    put(1, "here", SHORT, List.of(time.instant().plusSeconds(600)));
    put(1, "there", LONG, List.of(time.instant().plusSeconds(60)));
    sweep();
    expiresAfter("there", Duration.ofSeconds(64));
  }

  @Test
  void asksForNoMoreWhileTheTableIsSlow() {
    put(1, SHORT, List.of(time.instant().plusSeconds(60)));
    List<CompletableFuture<RecordEdit.Changes>> edits = new ArrayList<>();
    int[] asked = {0};
    SubscriberTable quick = table;
    table =
        new TableAtOnce(quick) {
          @Override
          public CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit) {
            asked[0]++;
            return super.expired(now, limit);
          }

          @Override
          public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
            edits.add(new CompletableFuture<>());
            return edits.get(edits.size() - 1);
          }
        };
    sweep();
    time.pass(Duration.ofSeconds(65));
    assertThat(edits).hasSize(1);
    int before = asked[0];
    time.pass(Duration.ofSeconds(3));
    assertThat(asked[0]).isEqualTo(before);

    edits.get(0).completeExceptionally(new IllegalStateException("disk full"));
    time.pass(Duration.ofSeconds(1));
    assertThat(asked[0]).isEqualTo(before + 1);
    assertThat(edits).as("it is tried again").hasSize(2);
  }

  /** The client, and it alone, goes once its grace is over, and not before. */
  private void expiresAfter(String id, Duration withinGrace) {
    time.pass(withinGrace);
    assertThat(expired).isEmpty();
    time.pass(Duration.ofSeconds(2));
    assertThat(expired).containsExactly(id);
  }
}
