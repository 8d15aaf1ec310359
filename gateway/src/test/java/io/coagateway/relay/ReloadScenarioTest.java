package io.coagateway.relay;

import static io.coagateway.relay.RelayLab.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** New settings while exchanges are under way: these end as if nothing had happened. */
class ReloadScenarioTest {
  private static final InetSocketAddress BIND = new InetSocketAddress("2001:db8::53", 547);

  private final DhcpServer server = server(1).build();
  private final RelayLab lab = new RelayLab(server);

  private static DhcpServer named(String name) {
    return DhcpServer.builder(name, server(1).build().address()).build();
  }

  private void assertAccepted(int count) {
    assertThat(lab.discarded).isEmpty();
    assertThat(lab.reconfigured)
        .extracting(ExchangeOutcome::kind)
        .hasSize(count)
        .containsOnly(ExchangeOutcome.Kind.ACCEPTED);
  }

  @Nested
  class Answers {
    @Test
    @DisplayName("a server with another name and the same address: answers to both are taken")
    void findsAnswersToARenamedServer() {
      lab.reconfigure(1);
      RelayLab.Sent first = lab.takeOne();
      lab.reload(named("other"));
      lab.reconfigure(2);
      RelayLab.Sent second = lab.takeOne();
      lab.reload(named("third"));
      lab.reconfigure(3);
      RelayLab.Sent third = lab.takeOne();
      lab.reply(third, StatusCode.SUCCESS);
      lab.reply(first, StatusCode.SUCCESS);
      lab.reply(second, StatusCode.SUCCESS);
      assertAccepted(3);
      assertThat(lab.agent.inFlight()).isZero();
    }

    @Test
    @DisplayName("the old name's message is sent again, and that answer is taken as well")
    void findsAnswersToRetransmissions() {
      lab.reconfigure(1);
      lab.takeOne();
      lab.reload(named("other"));
      lab.pass(Duration.ofMillis(1020));
      lab.reply(lab.takeOne(), StatusCode.SUCCESS);
      assertAccepted(1);
    }

    @Test
    @DisplayName("RQ-13: a group that was asked, and is one server now: its answer is taken")
    void findsAnswersToAGroup() {
      lab.reload(DhcpServer.builder("all", new InetSocketAddress("ff05::1:3", 547)).build());
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      lab.reload(server);
      lab.agent.onDatagram(
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS).encode(),
          server.address());
      lab.agent.burstEnd();
      assertAccepted(1);
    }

    /** To java.net these addresses are equal (RFC 4007 section 6). */
    @Test
    @DisplayName("one link-local address in two zones: a late answer is that of its own server")
    void tellsZonesApart() {
      lab.reload(inZone(1), inZone(2));
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeSent().get(0);
      lab.reply(request, StatusCode.SUCCESS);
      lab.agent.onDatagram(
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS).encode(),
          inZone(2).address());
      lab.reply(request, StatusCode.SUCCESS);
      assertThat(lab.late).containsExactly("zone-1");
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.UNKNOWN_TRANSACTION, ReplyDiscard.LATE);
    }

    @Test
    @DisplayName("a link-local server without a zone is heard on whichever link it answers")
    void hearsAServerWithoutAZone() {
      lab.reload(inZone(0));
      lab.reconfigure(1);
      lab.agent.onDatagram(
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, lab.takeOne(), StatusCode.SUCCESS)
              .encode(),
          inZone(7).address());
      lab.agent.burstEnd();
      assertAccepted(1);
    }

    private static DhcpServer inZone(int zone) {
      return DhcpServer.builder("zone-" + zone, new InetSocketAddress("fe80::547%" + zone, 547))
          .build();
    }

    @Test
    @DisplayName("a server that is gone, and whose last exchange has ended, is a stranger")
    void forgetsTheServerAfterItsLastExchange() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      lab.reload(server(2).build());
      lab.reply(request, StatusCode.SUCCESS);
      assertAccepted(1);
      lab.reply(request, StatusCode.SUCCESS);
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.UNKNOWN_SOURCE);
    }

    @Test
    @DisplayName("RQ-13: a group that is gone: what comes from anywhere is a stranger's again")
    void forgetsTheGroup() {
      DhcpServer group = DhcpServer.builder("all", new InetSocketAddress("ff05::1:3", 547)).build();
      lab.reload(group);
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      Octets answer =
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS).encode();
      InetSocketAddress anywhere = new InetSocketAddress("2001:db8::77", 547);
      lab.agent.onDatagram(answer, anywhere);
      lab.agent.burstEnd();
      assertAccepted(1);
      lab.reload(server);
      lab.agent.onDatagram(answer, anywhere);
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.UNKNOWN_SOURCE);
    }
  }

  @Nested
  class Ports {
    private final DhcpServer bound = server(1).bind(BIND).build();

    private void askFromBind() {
      lab.reload(bound);
      lab.reconfigure(1);
      lab.takeOne();
    }

    @Test
    @DisplayName("a port where no answer is waited for may be closed at once")
    void leavesAnIdlePort() {
      lab.reload(bound);
      assertThat(lab.portsInUse).containsExactly(lab.portOf(bound));
    }

    @Test
    @DisplayName("settings that are refused: a port that they alone wanted may be closed")
    void leavesWhatRefusedSettingsWanted() {
      lab.reload(bound);
      lab.portsInUse = Set.of();
      lab.agent.notReloaded();
      assertThat(lab.portsInUse).containsExactly(lab.portOf(bound));
    }

    @Test
    @DisplayName("another bind: the old port is in use until the last message from it is answered")
    void keepsAPortForItsAnswers() {
      lab.reconfigure(1);
      RelayLab.Sent first = lab.takeOne();
      lab.reconfigure(2);
      RelayLab.Sent second = lab.takeOne();
      lab.reload(bound);
      lab.reconfigure(3);
      lab.takeOne();
      lab.reply(first, StatusCode.SUCCESS);
      assertThat(lab.portsInUse).containsOnly(lab.portOf(bound), lab.portOf(server));
      lab.reply(second, StatusCode.SUCCESS);
      assertThat(lab.portsInUse).containsExactly(lab.portOf(bound));
      assertAccepted(2);
    }

    @Test
    @DisplayName("a removed server: its port is in use until its last exchange ends unanswered")
    void keepsAPortUntilSilence() {
      askFromBind();
      lab.reload(server(2).build());
      lab.pass(Duration.ofSeconds(24));
      assertThat(lab.portsInUse).contains(lab.portOf(bound));
      lab.pass(Duration.ofSeconds(2));
      assertThat(lab.reconfigured.get(0).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      assertThat(lab.portsInUse).containsExactly(lab.portOf(server));
    }

    @Test
    @DisplayName("RQ-19: a message without clients keeps its port until the wait is over")
    void keepsAPortForNobody() {
      lab.reload(bound);
      Exchange exchange = lab.reconfigure(1);
      lab.takeOne();
      lab.reload(server(2).build());
      exchange.cancel();
      lab.pass(Duration.ofMillis(900));
      assertThat(lab.portsInUse).contains(lab.portOf(bound));
      lab.pass(Duration.ofMillis(200));
      assertThat(lab.portsInUse).containsExactly(lab.portOf(server));
    }

    @Test
    @DisplayName("what waits to be sent leaves from the port that its server had")
    void keepsAPortForWhatWaits() {
      lab.reload(bound);
      lab.reconfigure(1);
      lab.reload(server(2).build());
      assertThat(lab.portsInUse).contains(lab.portOf(bound));
      lab.reply(lab.takeOne(), StatusCode.SUCCESS);
      assertAccepted(1);
      assertThat(lab.portsInUse).containsExactly(lab.portOf(server));
    }
  }
}
