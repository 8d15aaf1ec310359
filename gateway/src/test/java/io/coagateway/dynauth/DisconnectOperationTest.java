package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dynauth.Gateway.Asked;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.LeasedIa;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReleaseMode;
import io.coagateway.relay.WithoutIaid;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DisconnectOperationTest {
  private final Gateway gateway = new Gateway();

  @Test
  @DisplayName("RL-24: every lease is named with its IAID; the ACK leaves when the record is gone")
  void releasesAndForgets() {
    gateway.start();
    Asked disconnect = gateway.disconnect("alice");
    assertThat(gateway.release(0).task.ias())
        .containsExactly(
            new LeasedIa(
                LeasedIa.Type.IA_NA,
                OptionalLong.of(1),
                List.of(Ipv6Prefix.parse("2001:db8:1::1/128"))));
    assertThat(gateway.release(0).task.serverDuid()).contains(Gateway.SERVER_DUID);
    gateway.table.hold();
    gateway.release(0).released(false);
    assertThat(disconnect.verdict()).isEqualTo("open");
    gateway.table.finishOne();
    gateway.settle();
    assertThat(disconnect.verdict()).isEqualTo("ACK");
    assertThat(gateway.disconnect("alice").verdict()).isEqualTo("NAK 503");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("NoBinding for everything: 201 in the ACK only when the switch says so")
  void residualContext() {
    gateway.residual = true;
    gateway.start();
    Asked residual = gateway.disconnect("alice");
    gateway.release(0).released(true);
    gateway.settle();
    assertThat(residual.verdict()).isEqualTo("ACK 201");
    Asked real = gateway.disconnect("bob");
    gateway.release(1).released(true);
    gateway.release(2).released(false);
    gateway.settle();
    assertThat(real.verdict()).isEqualTo("ACK");
  }

  @Test
  @DisplayName("answers: NotAllowed 501, UnspecFail 504, silence 504; the record stays as it was")
  void answersByTheTable() {
    gateway.start();
    var before = gateway.table.records.get("port-1");
    Asked notAllowed = gateway.disconnect("alice");
    gateway.release(0).refuse(StatusCode.NOT_ALLOWED);
    assertThat(notAllowed.verdict()).isEqualTo("NAK 501");
    Asked failed = gateway.disconnect("alice");
    gateway.release(1).refuse(StatusCode.UNSPEC_FAIL);
    assertThat(failed.verdict()).isEqualTo("NAK 504");
    Asked silence = gateway.disconnect("alice");
    gateway.release(2).noAnswer();
    assertThat(silence.verdict()).isEqualTo("NAK 504");
    assertThat(gateway.table.records.get("port-1")).isEqualTo(before);
    assertThat(gateway.table.asked).isEmpty();
  }

  @Test
  @DisplayName("several sessions: one that stays refuses all; the log names what took effect")
  void allOrNothing() {
    gateway.start();
    Asked disconnect = gateway.disconnect("bob");
    gateway.release(0).released(false);
    gateway.release(1).refuse(StatusCode.UNSPEC_FAIL);
    assertThat(disconnect.verdict()).isEqualTo("NAK 504");
    assertThat(gateway.table.records).containsKeys("port-2", "port-3");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("port-2: released; port-3: dhcp-1 UnspecFail");
  }

  @Test
  @DisplayName(
      "RFC 5176 2.3, spec 1.8: no room for one session's release, and none leaves: NAK 506")
  void withdrawsTheOthers() {
    gateway.start();
    Asked disconnect = gateway.disconnect("bob");
    gateway.release(1).notSent(NotSentReason.QUEUE_FULL);
    assertThat(gateway.release(0).dropped).isTrue();
    assertThat(disconnect.verdict()).isEqualTo("open");
    gateway.release(0).cancelled();
    assertThat(disconnect.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.table.records).containsKeys("port-2", "port-3");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("port-2: dhcp-1 dropped; port-3: dhcp-1 queue-full");
    assertThat(gateway.busy()).isZero();
  }

  @Nested
  @DisplayName("RL-23 RL-24: the server frees some leases and keeps others")
  class InPart {
    private static final Instant END = Instant.parse("2026-03-01T00:00:00Z");
    private static final Ipv6Prefix FIRST = Ipv6Prefix.parse("2001:db8:1::1/128");
    private static final Ipv6Prefix SECOND = Ipv6Prefix.parse("2001:db8:1::2/128");
    private static final IdentityAssociation PD =
        new IdentityAssociation(
            IdentityAssociation.Type.IA_PD,
            OptionalLong.of(1),
            List.of(Ipv6Prefix.parse("2001:db8:4200::/56")),
            List.of(END));
    private static final List<LeasedIa> FREED =
        List.of(
            new LeasedIa(LeasedIa.Type.IA_NA, OptionalLong.of(1), List.of(FIRST)),
            new LeasedIa(LeasedIa.Type.IA_PD, OptionalLong.of(1), PD.leases()));

    private SubscriberRecord before;

    private IdentityAssociation na(List<Ipv6Prefix> leases, List<Instant> ends) {
      return new IdentityAssociation(
          IdentityAssociation.Type.IA_NA, OptionalLong.of(1), leases, ends);
    }

    private Asked disconnect() {
      gateway.start();
      before =
          gateway
              .record("port-1", "alice", 1)
              .ias(List.of(na(List.of(FIRST, SECOND), List.of(END, END.plusSeconds(9))), PD))
              .build();
      gateway.table.has(before);
      return gateway.disconnect("alice");
    }

    private SubscriberRecord after() {
      return gateway.table.records.get("port-1");
    }

    @Test
    @DisplayName("what it freed is out of the record before the NAK leaves; the session stays")
    void clearsWhatIsFreed() {
      Asked disconnect = disconnect();
      gateway.table.hold();
      gateway.release(0).refuse(StatusCode.UNSPEC_FAIL, FREED);
      gateway.settle();
      assertThat(disconnect.verdict()).isEqualTo("open");
      gateway.table.finishOne();
      gateway.settle();
      assertThat(disconnect.verdict()).isEqualTo("NAK 504");
      assertThat(after())
          .isEqualTo(
              before.toBuilder()
                  .ias(List.of(na(List.of(SECOND), List.of(END.plusSeconds(9)))))
                  .build());
      assertThat(gateway.partlyReleased).containsExactly(after());
      assertThat(gateway.reports.get(0).reason())
          .isEqualTo("port-1: dhcp-1 UnspecFail, released 2 of 3 leases");
      assertThat(gateway.busy()).isZero();
    }

    @Test
    @DisplayName("asked again, it is asked for the rest alone")
    void asksForTheRest() {
      disconnect();
      gateway.release(0).refuse(StatusCode.UNSPEC_FAIL, FREED);
      Asked again = gateway.disconnect("alice");
      assertThat(gateway.release(1).task.ias())
          .containsExactly(new LeasedIa(LeasedIa.Type.IA_NA, OptionalLong.of(1), List.of(SECOND)));
      gateway.release(1).released(false);
      gateway.settle();
      assertThat(again.verdict()).isEqualTo("ACK");
    }

    @Test
    @DisplayName("a lease that was granted anew meanwhile stays")
    void keepsWhatWasGrantedAnew() {
      disconnect();
      IdentityAssociation renewed =
          na(List.of(SECOND, FIRST), List.of(END.plusSeconds(9), END.plusSeconds(3600)));
      gateway.table.has(before.toBuilder().version(9).ias(List.of(renewed, PD)).build());
      gateway.release(0).refuse(StatusCode.UNSPEC_FAIL, FREED);
      assertThat(after().ias()).containsExactly(renewed);
    }

    @Test
    @DisplayName("two forms of the release say of one lease that it is gone: it counts once")
    void countsALeaseOnce() {
      disconnect();
      List<LeasedIa> twice = new ArrayList<>(FREED);
      twice.add(new LeasedIa(LeasedIa.Type.IA_NA, OptionalLong.of(1), List.of(FIRST, SECOND)));
      gateway.release(0).refuse(StatusCode.UNSPEC_FAIL, twice);
      assertThat(gateway.reports.get(0).reason())
          .isEqualTo("port-1: dhcp-1 UnspecFail, released 3 of 3 leases");
    }

    @Test
    @DisplayName("several sessions: one that is released whole keeps its session, without leases")
    void clearsTheSessionsThatAreReleased() {
      gateway.start();
      Asked disconnect = gateway.disconnect("bob");
      gateway.release(0).released(false);
      gateway.release(1).refuse(StatusCode.UNSPEC_FAIL);
      assertThat(disconnect.verdict()).isEqualTo("NAK 504");
      SubscriberRecord released = gateway.table.records.get("port-2");
      assertThat(released.ias()).isEmpty();
      assertThat(gateway.table.records.get("port-3").ias()).isNotEmpty();
      Asked again = gateway.disconnect("bob");
      assertThat(gateway.exchanges.releases).hasSize(3);
      gateway.release(2).released(false);
      gateway.settle();
      assertThat(again.verdict()).isEqualTo("ACK");
      assertThat(gateway.table.records).doesNotContainKeys("port-2", "port-3");
    }

    @Test
    @DisplayName("the table fails: the NAK says what the server said, a line says what is left")
    void tellsWhatCouldNotBeCleared() {
      Asked disconnect = disconnect();
      gateway.table.failNext(
          new TableUnavailableException(
              TableUnavailableException.Reason.LOCKED, "the database is locked"));
      gateway.release(0).refuse(StatusCode.NOT_ALLOWED, FREED);
      assertThat(disconnect.verdict()).isEqualTo("NAK 501");
      assertThat(gateway.notes).containsExactly("freed-leases-kept port-1: the database is locked");
      assertThat(after()).isEqualTo(before);
      assertThat(gateway.busy()).isZero();
    }

    @Test
    @DisplayName("the deadline passes while the table is written: the server's reason all the same")
    void endsBehindItsAnswer() {
      Asked disconnect = disconnect();
      gateway.table.hold();
      gateway.release(0).refuse(StatusCode.NOT_ALLOWED, FREED);
      gateway.pass(Duration.ofSeconds(25));
      assertThat(disconnect.verdict()).isEqualTo("NAK 501");
      assertThat(gateway.reports.get(0).reason())
          .isEqualTo("port-1: dhcp-1 NotAllowed, released 2 of 3 leases");
      assertThat(gateway.busy()).isNotZero();
      gateway.table.finishOne();
      gateway.settle();
      assertThat(after().ias()).hasSize(1);
      assertThat(gateway.busy()).isZero();
    }
  }

  @Test
  @DisplayName("the response deadline: NAK 504; a late success changes nothing")
  void answersByTheDeadline() {
    gateway.start();
    Asked disconnect = gateway.disconnect("alice");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(disconnect.verdict()).isEqualTo("NAK 504");
    assertThat(gateway.release(0).dropped).isTrue();
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(gateway.table.asked).isEmpty();
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("release: none: NAK 501, nothing sent")
  void prohibitsByMode() {
    gateway.with(gateway.server.toBuilder().release(ReleaseMode.NONE).build()).start();
    assertThat(gateway.disconnect("alice").verdict()).isEqualTo("NAK 501");
    assertThat(gateway.exchanges.releases).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"BARE", "ALL"})
  @DisplayName("spec 5.5: without-iaid bare and all release what a leasequery told of")
  void releasesWithoutIaidWhenToldSo(WithoutIaid how) {
    gateway.with(gateway.server.toBuilder().withoutIaid(how).build());
    startWithLeasequeriedRecord();
    Asked disconnect = gateway.disconnect("alice");
    assertThat(gateway.release(0).task.ias()).anyMatch(ia -> ia.iaid().isEmpty());
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(disconnect.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.records).doesNotContainKey("port-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NO_IAID        | NAK 504 | an IAID of port-1 is not known, and it is not to be guessed
          NO_SERVER_DUID | NAK 504 | the DUID of server dhcp-1, which a release for port-1 must name, is not known yet
          TOO_LARGE      | NAK 506 | a release for port-1 to server dhcp-1 is longer than max-message-size
          QUEUE_FULL     | NAK 506 | server dhcp-1 cannot be asked for port-1: queue-full
          DEADLINE       | NAK 506 | server dhcp-1 cannot be asked for port-1: deadline
          SWITCHED_OFF   | NAK 501 | server dhcp-1 cannot be asked for port-1: switched-off
          """)
  @DisplayName("spec 1.8: what keeps a release from leaving is found before the data path is cut")
  void doesNotCutForAReleaseThatCannotBeSent(
      NotSentReason obstacle, String verdict, String reason) {
    gateway.cutsByHand = true;
    gateway.start();
    gateway.exchanges.obstacles.put(gateway.server, obstacle);
    assertThat(gateway.disconnect("alice").verdict()).isEqualTo(verdict);
    assertThat(gateway.reports.get(0).reason()).isEqualTo(reason);
    assertThat(gateway.cutWithin).isEmpty();
    assertThat(gateway.exchanges.releases).isEmpty();
    assertThat(gateway.busy()).isZero();
    gateway.exchanges.obstacles.clear();
    gateway.disconnect("alice");
    assertThat(gateway.cutWithin).hasSize(1);
  }

  private void startWithLeasequeriedRecord() {
    gateway.start();
    gateway.table.records.put(
        "port-1",
        gateway
            .record("port-1", "alice", 1)
            .ia(
                new IdentityAssociation(
                    IdentityAssociation.Type.IA_PD,
                    OptionalLong.empty(),
                    List.of(Ipv6Prefix.parse("2001:db8:4200::/56"))))
            .build());
  }

  @Test
  @DisplayName("a session without leases has only to be forgotten")
  void forgetsASessionWithoutLeases() {
    gateway.start();
    var template = gateway.record("port-1", "alice", 1).build();
    gateway.table.records.put(
        "port-1",
        SubscriberRecord.builder("nas-1", "port-1", template.duid(), template.linkAddress())
            .session(template.session())
            .build());
    assertThat(gateway.disconnect("alice").verdict()).isEqualTo("ACK");
    assertThat(gateway.exchanges.releases).isEmpty();
    assertThat(gateway.table.records).doesNotContainKey("port-1");
  }

  @Test
  @DisplayName("nas.on-disconnect runs first; when it fails nothing is sent: NAK 504")
  void cutsTheDataPathFirst() {
    gateway.cutsByHand = true;
    gateway.start();
    Asked disconnect = gateway.disconnect("alice");
    assertThat(gateway.exchanges.releases).isEmpty();
    gateway.cut.complete(new DataPath.NotCut("exit code 3"));
    gateway.settle();
    assertThat(disconnect.verdict()).isEqualTo("NAK 504");
    assertThat(gateway.exchanges.releases).isEmpty();
    assertThat(gateway.reports.get(0).reason()).isEqualTo("nas.on-disconnect: exit code 3");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("nas.on-disconnect has what is left of the response deadline, less time for the NAK")
  void leavesTimeForTheNak() {
    gateway.cutsByHand = true;
    gateway.start();
    gateway.disconnect("alice");
    assertThat(gateway.cutWithin).containsExactly(Duration.ofMillis(24_500));
    gateway.coa("bob", "new.example.net");
    gateway.disconnect("bob");
    gateway.pass(Duration.ofSeconds(10));
    gateway.reconfigure(0).cancelled();
    gateway.reconfigure(1).cancelled();
    gateway.settle();
    assertThat(gateway.cutWithin).endsWith(Duration.ofMillis(14_500)).hasSize(2);
  }

  @Test
  @DisplayName("nas.on-disconnect succeeded: the release follows")
  void releasesAfterTheCut() {
    gateway.cutsByHand = true;
    gateway.start();
    gateway.disconnect("alice");
    gateway.cut.complete(new DataPath.Cut());
    gateway.settle();
    assertThat(gateway.exchanges.releases).hasSize(1);
  }

  @Test
  @DisplayName("RL-31: a server that has not been heard of is found by asking all that may be it")
  void asksAllThatMayBeTheNamedServer() {
    gateway.servers =
        List.of(
            gateway.server,
            DhcpServer.builder(
                    "dhcp-2", new InetSocketAddress(InetAddress.getLoopbackAddress(), 10548))
                .release(ReleaseMode.RELAYED_RELEASE)
                .build());
    gateway.exchanges.known.clear();
    gateway.start();
    Asked disconnect = gateway.disconnect("alice");
    assertThat(gateway.exchanges.releases).hasSize(2);
    gateway.release(1).released(false);
    assertThat(gateway.release(0).dropped).isTrue();
    gateway.release(0).cancelled();
    gateway.settle();
    assertThat(disconnect.verdict()).isEqualTo("ACK");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("a record that names no server, with several there: NAK 504, nothing sent")
  void doesNotGuessTheServer() {
    gateway.servers =
        List.of(
            gateway.server,
            DhcpServer.builder(
                    "dhcp-2", new InetSocketAddress(InetAddress.getLoopbackAddress(), 10548))
                .release(ReleaseMode.RELAYED_RELEASE)
                .build());
    gateway.start();
    var template = gateway.record("port-1", "alice", 1).build();
    gateway.table.records.put(
        "port-1",
        SubscriberRecord.builder("nas-1", "port-1", template.duid(), template.linkAddress())
            .session(template.session())
            .ia(template.ias().get(0))
            .build());
    assertThat(gateway.disconnect("alice").verdict()).isEqualTo("NAK 504");
    assertThat(gateway.exchanges.releases).isEmpty();
  }

  @Test
  @DisplayName("a second Disconnect joins the first")
  void joins() {
    gateway.start();
    Asked first = gateway.disconnect("alice");
    Asked second = gateway.disconnect("alice");
    assertThat(gateway.exchanges.releases).hasSize(1);
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(first.verdict()).isEqualTo("ACK");
    assertThat(second.verdict()).isEqualTo("ACK");
  }

  /** The operator has just changed what made the first one fail. */
  @Test
  @DisplayName("one that joined across a reload is tried by the new settings if the first fails")
  void isTriedByTheNewSettings() {
    gateway.start();
    Asked before = gateway.disconnect("alice");
    gateway.with(gateway.server.toBuilder().release(ReleaseMode.RELAYED_RELEASE).build()).reload();
    Asked after = gateway.disconnect("alice");
    Asked again = gateway.disconnect("alice");
    assertThat(gateway.joined).hasSize(2);

    gateway.release(0).refuse(StatusCode.NOT_ALLOWED);
    gateway.settle();
    assertThat(before.verdict()).isEqualTo("NAK 501");
    assertThat(gateway.release(1).task.server().release()).isEqualTo(ReleaseMode.RELAYED_RELEASE);
    gateway.release(1).released(false);
    gateway.settle();
    assertThat(after.verdict()).isEqualTo("ACK");
    assertThat(again.verdict()).isEqualTo("ACK");
    assertThat(gateway.exchanges.releases).hasSize(2);
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("one that joined across a reload shares the first one's success")
  void sharesASuccessAcrossAReload() {
    gateway.start();
    Asked before = gateway.disconnect("alice");
    Asked over = gateway.reload().disconnect("alice");
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(before.verdict()).isEqualTo("ACK");
    assertThat(over.verdict()).isEqualTo("ACK");
    assertThat(gateway.exchanges.releases).hasSize(1);
  }

  @Test
  @DisplayName("a CoA behind a Disconnect finds nothing: NAK 503")
  void aCoaBehindItFindsNothing() {
    gateway.start();
    gateway.disconnect("alice");
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.busy()).isZero();
  }
}
