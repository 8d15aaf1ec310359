package io.coagateway.relay;

import static io.coagateway.relay.RelayLab.LINK;
import static io.coagateway.relay.RelayLab.SERVER;
import static io.coagateway.relay.RelayLab.client;
import static io.coagateway.relay.RelayLab.includes;
import static io.coagateway.relay.RelayLab.listed;
import static io.coagateway.relay.RelayLab.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.ErpLocalDomainNameOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RadiusOption;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.dhcpv6.RsooOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconfigureScenarioTest {
  private static final Ipv6Address OTHER_LINK = Ipv6Address.parse("2001:db8:2::1");

  private final RelayLab lab = new RelayLab(server(1).build());

  private ServerResult.Kind resultOf(int outcome, int server) {
    return lab.reconfigured.get(outcome).results().get(server).kind();
  }

  @Nested
  class Answers {
    @Test
    @DisplayName("RQ-33 RQ-36: Success that does not list the client is an acceptance")
    void accepts() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      assertThat(request.inner().type()).isEqualTo(MessageType.RECONFIGURE_REQUEST);
      lab.reply(request, StatusCode.SUCCESS);
      assertThat(lab.reconfigured).hasSize(1);
      ExchangeOutcome outcome = lab.reconfigured.get(0);
      assertThat(outcome.kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(outcome.transmissions()).isEqualTo(1);
      assertThat(lab.time.waiting())
          .as("an idle agent has no timer after the next tick")
          .isLessThan(2);
      lab.pass(Duration.ofSeconds(60));
      assertThat(lab.takeSent()).isEmpty();
    }

    @Test
    @DisplayName("RQ-36: a listed client is refused, even when the list names every client")
    void refusesListed() {
      lab.reconfigure(1);
      lab.reconfigure(2);
      RelayLab.Sent request = lab.takeOne();
      lab.reply(request, StatusCode.SUCCESS, listed(1), listed(2));
      assertThat(lab.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.REFUSED, ExchangeOutcome.Kind.REFUSED);
      assertThat(resultOf(0, 0)).isEqualTo(ServerResult.Kind.LISTED);
    }

    @Test
    @DisplayName("RQ-36: a partial list gives each client its own verdict")
    void judgesEachClient() {
      for (int i = 1; i <= 4; i++) {
        lab.reconfigure(i);
      }
      lab.reply(lab.takeOne(), StatusCode.SUCCESS, listed(2), listed(4));
      assertThat(lab.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(
              ExchangeOutcome.Kind.ACCEPTED,
              ExchangeOutcome.Kind.REFUSED,
              ExchangeOutcome.Kind.ACCEPTED,
              ExchangeOutcome.Kind.REFUSED);
    }

    @Test
    @DisplayName(
        "RQ-33: NotAllowed and NotConfigured end the exchange and handle nobody, listed or not")
    void refusesByStatus() {
      lab.reconfigure(1);
      lab.reply(lab.takeOne(), StatusCode.NOT_ALLOWED, listed(2));
      lab.reconfigure(1);
      lab.reply(lab.takeOne(), StatusCode.NOT_CONFIGURED);
      assertThat(resultOf(0, 0)).isEqualTo(ServerResult.Kind.STATUS);
      assertThat(lab.reconfigured.get(0).results().get(0).status())
          .contains(StatusCode.NOT_ALLOWED);
      assertThat(lab.reconfigured.get(1).results().get(0).status())
          .contains(StatusCode.NOT_CONFIGURED);
      assertThat(lab.reconfigured.get(1).results().get(0).detail()).isEqualTo("because");
      lab.pass(Duration.ofSeconds(30));
      assertThat(lab.takeSent()).isEmpty();
    }

    @Test
    @DisplayName("5.4: a listed client that the message did not name is reported and ignored")
    void ignoresStrangers() {
      lab.reconfigure(1);
      lab.reply(lab.takeOne(), StatusCode.SUCCESS, listed(9));
      assertThat(lab.reconfigured.get(0).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(lab.events).contains("unknown client " + client(9));
    }

    @Test
    @DisplayName("3.7: REPLY with UnspecFail and our xid means that the server does not support it")
    void understandsUnsupported() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      lab.receive(request, RelayLab.answer(MessageType.REPLY, request, StatusCode.UNSPEC_FAIL));
      assertThat(resultOf(0, 0)).isEqualTo(ServerResult.Kind.UNSUPPORTED);
      assertThat(lab.events).contains("unsupported dhcp-1");
    }

    @Test
    @DisplayName(
        "RQ-30 RQ-31 RQ-32: wrong xid, no SERVERID, no STATUS_CODE, wrong type are discarded")
    void discardsInvalidReplies() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      int id = request.transactionId();
      Option serverId = new ServerIdOption(SERVER);
      Option success = new StatusCodeOption(StatusCode.SUCCESS);
      MessageType type = MessageType.RECONFIGURE_REPLY;
      lab.receive(request, new ClientServerMessage(type, id ^ 1, OptionList.of(serverId, success)));
      lab.receive(request, new ClientServerMessage(type, id, OptionList.of(success)));
      lab.receive(request, new ClientServerMessage(type, id, OptionList.of(serverId)));
      lab.receive(
          request, new ClientServerMessage(type, id, OptionList.of(serverId, serverId, success)));
      lab.receive(
          request,
          new ClientServerMessage(RelayLab.TYPES.reply(), id, OptionList.of(serverId, success)));
      lab.receive(
          request,
          new ClientServerMessage(MessageType.REPLY, id, OptionList.of(serverId, success)));
      lab.receive(request, Octets.ofHex("13" + "0102"));
      lab.receive(request, Octets.ofHex(String.format("13%06x0002ffff00", id)));
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(
              ReplyDiscard.UNKNOWN_TRANSACTION,
              ReplyDiscard.NO_SERVER_ID,
              ReplyDiscard.NO_STATUS,
              ReplyDiscard.DUPLICATE_OPTION,
              ReplyDiscard.WRONG_TYPE,
              ReplyDiscard.WRONG_TYPE,
              ReplyDiscard.MALFORMED,
              ReplyDiscard.MALFORMED);
      assertThat(lab.reconfigured).isEmpty();
      lab.pass(Duration.ofMillis(1020)); // 4.3: a discarded reply does not stop the timer
      assertThat(lab.takeOne().datagram()).isEqualTo(request.datagram());
      lab.reply(request, StatusCode.SUCCESS);
      assertThat(lab.reconfigured.get(0).transmissions()).isEqualTo(2);
    }

    @Test
    @DisplayName("RQ-43: a second STATUS_CODE leaves open which holds: discarded")
    void discardsTwoStatuses() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      lab.reply(request, StatusCode.SUCCESS, new StatusCodeOption(StatusCode.NOT_ALLOWED));
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.DUPLICATE_OPTION);
      assertThat(lab.reconfigured).isEmpty();
    }

    @Test
    @DisplayName("3.7: a server that makes no sense of the message need not name itself")
    void understandsAnAnonymousUnsupported() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      lab.receive(
          request,
          new ClientServerMessage(
              MessageType.REPLY,
              request.transactionId(),
              OptionList.of(new StatusCodeOption(StatusCode.UNSPEC_FAIL))));
      assertThat(resultOf(0, 0)).isEqualTo(ServerResult.Kind.UNSUPPORTED);
    }

    @Test
    @DisplayName("replies from another address or port are discarded and counted")
    void discardsOtherSources() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      Octets reply =
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS).encode();
      lab.agent.onDatagram(reply, new InetSocketAddress("2001:db8:ffff::99", 547));
      lab.agent.onDatagram(reply, new InetSocketAddress("2001:db8:ffff::1", 40000));
      lab.agent.burstEnd();
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.UNKNOWN_SOURCE, ReplyDiscard.UNKNOWN_SOURCE);
      assertThat(lab.reconfigured).isEmpty();
    }

    @Test
    @DisplayName("RQ-63 RL-52: requests that come to our sockets are discarded")
    void discardsRequests() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      lab.receive(request, request.datagram());
      lab.receive(request, Octets.ofHex("fa000001"));
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.UNEXPECTED_TYPE, ReplyDiscard.UNEXPECTED_TYPE);
    }

    @Test
    @DisplayName("a duplicate or late reply is reported as late and changes nothing")
    void reportsLateReplies() {
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      lab.reply(request, StatusCode.SUCCESS);
      lab.reply(request, StatusCode.NOT_ALLOWED);
      lab.reconfigure(2);
      RelayLab.Sent unanswered = lab.takeOne();
      lab.pass(Duration.ofSeconds(30));
      lab.reply(unanswered, StatusCode.SUCCESS);
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.LATE, ReplyDiscard.LATE);
      assertThat(lab.late).containsExactly("dhcp-1", "dhcp-1");
      assertThat(lab.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED, ExchangeOutcome.Kind.NO_ANSWER);
    }

    @Test
    @DisplayName("duid: a configured DUID must match; any is learned")
    void checksTheServersIdentity() {
      Duid other = Duid.ofHex("0003000102005e0000cc");
      RelayLab strict = new RelayLab(server(1).duid(other).build());
      strict.reconfigure(1);
      strict.reply(strict.takeOne(), StatusCode.SUCCESS);
      assertThat(strict.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.WRONG_SERVER_ID);
      lab.reconfigure(1);
      lab.reply(lab.takeOne(), StatusCode.SUCCESS);
      assertThat(lab.events).containsExactly("learned dhcp-1 " + SERVER);
      assertThat(lab.agent.serverOf(SERVER)).contains(lab.parameters.servers().get(0));
      assertThat(strict.agent.serverOf(other)).contains(strict.parameters.servers().get(0));
      assertThat(strict.agent.serverOf(SERVER)).isEmpty();
    }
  }

  @Nested
  class Identity {
    private void answerAs(RelayLab at, Duid server) {
      at.reconfigure(1);
      RelayLab.Sent request = at.takeOne();
      Option status = new StatusCodeOption(StatusCode.SUCCESS);
      at.receive(
          request,
          new ClientServerMessage(
              MessageType.RECONFIGURE_REPLY,
              request.transactionId(),
              OptionList.of(new ServerIdOption(server), status)));
    }

    @Test
    @DisplayName("duid: what a server calls itself is told when it is new, and no configured one")
    void learnsOnce() {
      Duid other = Duid.ofHex("0003000102005e0000cc");
      for (Duid name : List.of(SERVER, SERVER, other, other)) {
        answerAs(lab, name);
      }
      assertThat(lab.events).containsExactly("learned dhcp-1 " + SERVER, "learned dhcp-1 " + other);
      assertThat(lab.agent.serverOf(other)).contains(lab.parameters.servers().get(0));
      RelayLab named = new RelayLab(server(1).duid(SERVER).build());
      answerAs(named, SERVER);
      assertThat(named.reconfigured).hasSize(1);
      assertThat(named.events).isEmpty();
    }
  }

  @Nested
  class Retransmission {
    @Test
    @DisplayName("RQ-16: 0, 1, 3, 7, 15 s with the same xid, then NO_ANSWER at the deadline")
    void retransmitsUntilTheCountIsReached() {
      lab.reconfigure(
          new ReconfigureTask(
              client(1),
              LINK,
              Optional.empty(),
              OptionList.EMPTY,
              lab.parameters.servers(),
              lab.deadline(Duration.ofSeconds(60))));
      lab.pass(Duration.ofSeconds(40));
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent)
          .extracting(s -> Math.round(s.atMillis() / 100.0))
          .containsExactly(0L, 10L, 30L, 70L, 150L);
      assertThat(sent).extracting(RelayLab.Sent::datagram).containsOnly(sent.get(0).datagram());
      assertThat(lab.reconfigured).hasSize(1);
      assertThat(lab.reconfigured.get(0).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      assertThat(lab.reconfigured.get(0).transmissions()).isEqualTo(5);
      assertThat(lab.events).contains("unanswered dhcp-1 5", "dhcp-1 dead");
      assertThat(lab.agent.inFlight()).isZero();
    }

    @Test
    @DisplayName("the deadline stops an exchange")
    void stopsAtTheDeadline() {
      lab.agent.reconfigure(
          new ReconfigureTask(
              client(1),
              LINK,
              Optional.empty(),
              OptionList.EMPTY,
              lab.parameters.servers(),
              lab.deadline(Duration.ofSeconds(2))),
          lab.reconfigured::add);
      lab.pass(Duration.ofMillis(1990));
      assertThat(lab.reconfigured).isEmpty();
      lab.pass(Duration.ofMillis(30));
      assertThat(lab.reconfigured.get(0).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      lab.pass(Duration.ofSeconds(30));
      assertThat(lab.takeSent()).hasSize(2);
    }

    @ParameterizedTest(name = "{0} ms: dead {1}")
    @CsvSource({"200, false", "2900, false", "3100, true"})
    @DisplayName("a deadline says nothing of the server before two waits for it are over")
    void aShortDeadlineDoesNotMakeAServerDead(int millis, boolean dead) {
      lab.reconfigure(
          new ReconfigureTask(
              client(1),
              LINK,
              Optional.empty(),
              OptionList.EMPTY,
              lab.parameters.servers(),
              lab.deadline(Duration.ofMillis(millis))));
      lab.pass(Duration.ofMillis(millis + 50));
      assertThat(lab.reconfigured.get(0).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      assertThat(lab.events).anyMatch(e -> e.startsWith("unanswered dhcp-1"));
      assertThat(lab.events.contains("dhcp-1 dead")).isEqualTo(dead);
      assertThat(lab.agent.status().get(0).reachable()).isEqualTo(!dead);
    }

    @Test
    @DisplayName("RQ-17 RQ-18: a retransmission leaves dropped clients out and gains none")
    void leavesDroppedClientsOut() {
      Exchange first = lab.reconfigure(1);
      lab.reconfigure(2);
      RelayLab.Sent request = lab.takeOne();
      assertThat(request.clients()).containsExactly(client(1), client(2));
      first.drop(DropReason.CAME_BACK);
      lab.reconfigure(3);
      RelayLab.Sent other = lab.takeOne();
      assertThat(other.clients()).containsExactly(client(3));
      lab.pass(Duration.ofMillis(1020));
      List<RelayLab.Sent> again = lab.takeSent();
      assertThat(again).hasSize(2);
      assertThat(again.get(0).clients()).containsExactly(client(2));
      assertThat(again.get(0).transactionId()).isEqualTo(request.transactionId());
      lab.reply(again.get(0), StatusCode.SUCCESS);
      assertThat(lab.reconfigured.get(0))
          .isInstanceOfSatisfying(
              ExchangeOutcome.Cancelled.class,
              o -> assertThat(o.reason()).isEqualTo(DropReason.CAME_BACK));
      assertThat(lab.reconfigured.get(1).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName(
        "RQ-19: a message with no client left is not sent again, and its answer is still known")
    void stopsWhenNoClientIsLeft() {
      Exchange only = lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      only.drop(DropReason.LEFT_TABLE);
      lab.reply(request, StatusCode.SUCCESS);
      assertThat(lab.discarded).isEmpty();
      lab.reconfigure(2).drop(DropReason.CANCELLED);
      assertThat(lab.takeSent()).as("dropped before it was sent").isEmpty();
      Exchange third = lab.reconfigure(3);
      lab.takeOne();
      third.cancel();
      lab.pass(Duration.ofSeconds(30));
      assertThat(lab.takeSent()).isEmpty();
      assertThat(lab.agent.inFlight()).isZero();
      assertThat(lab.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsOnly(ExchangeOutcome.Kind.CANCELLED);
    }

    @Test
    @DisplayName("done is called once and never inside the call")
    void tellsOnceAndLater() {
      boolean[] inside = {true};
      Exchange exchange =
          lab.agent.reconfigure(
              lab.task(1),
              outcome -> {
                assertThat(inside[0]).isFalse();
                lab.reconfigured.add(outcome);
              });
      exchange.cancel();
      exchange.cancel();
      inside[0] = false;
      lab.time.settle();
      assertThat(lab.reconfigured).hasSize(1);
    }
  }

  @Nested
  class Batching {
    @Test
    @DisplayName("RQ-9: one burst, same link and content: one message; another link: another")
    void sharesAMessage() {
      lab.reconfigure(1);
      lab.reconfigure(lab.task(2, OTHER_LINK, OptionList.EMPTY));
      lab.reconfigure(3);
      assertThat(lab.sent).as("nothing leaves before the burst's end").isEmpty();
      lab.agent.burstEnd();
      assertThat(lab.sent).hasSize(2);
      assertThat(lab.sent.get(0).clients()).containsExactly(client(1), client(3));
      assertThat(lab.sent.get(1).clients()).containsExactly(client(2));
      assertThat(lab.time.waiting()).isEqualTo(1); // the wheel; no wake-up is left over
    }

    @Test
    @DisplayName("RQ-9 RQ-36: one DUID in two tasks: named once, and listed for both")
    void namesEachClientOnce() {
      lab.reconfigure(1);
      lab.reconfigure(2);
      lab.reconfigure(1);
      RelayLab.Sent request = lab.takeOne();
      assertThat(request.clients()).containsExactly(client(1), client(2));
      lab.reply(request, StatusCode.SUCCESS, listed(1), listed(9));
      assertThat(lab.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(
              ExchangeOutcome.Kind.REFUSED,
              ExchangeOutcome.Kind.ACCEPTED,
              ExchangeOutcome.Kind.REFUSED);
      assertThat(lab.events).filteredOn(e -> e.startsWith("unknown")).hasSize(1);
    }

    @Test
    @DisplayName("RQ-9: different RSOO content never shares a message")
    void separatesByContent() {
      DomainName name = DomainName.ofText("example.com");
      lab.reconfigure(1);
      lab.reconfigure(lab.task(2, LINK, OptionList.of(new ErpLocalDomainNameOption(name))));
      lab.reconfigure(lab.task(3, LINK, OptionList.of(new ErpLocalDomainNameOption(name))));
      assertThat(lab.takeSent()).extracting(s -> s.clients().size()).containsExactly(1, 2);
    }

    @Test
    @DisplayName("RFC 6422 section 4: OPTION_RADIUS is none of what goes into an RSOO")
    void keepsRadiusOutOfTheRsoo() {
      RelayLab rsoo =
          new RelayLab(
              server(1)
                  .rsooOptions(Set.of(OptionCode.ERP_LOCAL_DOMAIN_NAME, OptionCode.RADIUS))
                  .build());
      Option name = new ErpLocalDomainNameOption(DomainName.ofText("example.com"));
      Option radius = new RadiusOption(Octets.ofHex("90070461667472"));
      rsoo.reconfigure(rsoo.task(1, LINK, OptionList.of(radius, name)));
      rsoo.reconfigure(rsoo.task(2, OTHER_LINK, OptionList.of(radius)));
      assertThat(rsoo.takeSent())
          .extracting(s -> s.inner().options().first(RsooOption.class))
          .containsExactly(Optional.of(new RsooOption(OptionList.of(name))), Optional.empty());
    }

    @Test
    @DisplayName(
        "RQ-10 RQ-11 RQ-12: 1232 octets hold 67 clients of 14 octets; the rest is split off")
    void splitsAtTheMaximumSize() {
      for (int i = 0; i < 150; i++) {
        Duid llt = Duid.ofHex(String.format("000100012a2b2c2d02005e10%04x", i));
        lab.agent.reconfigure(
            new ReconfigureTask(
                llt,
                LINK,
                Optional.empty(),
                OptionList.EMPTY,
                lab.parameters.servers(),
                lab.deadline(Duration.ofSeconds(25))),
            lab.reconfigured::add);
      }
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent).extracting(s -> s.clients().size()).containsExactly(67, 67, 16);
      assertThat(sent).allSatisfy(s -> assertThat(s.datagram().length()).isLessThanOrEqualTo(1232));
      Set<Integer> ids = new HashSet<>();
      sent.forEach(s -> ids.add(s.transactionId()));
      assertThat(ids).hasSize(3);
    }

    @Test
    @DisplayName("RQ-11: another maximum size, 600: 552 octets hold 29 clients of 14 octets")
    void splitsAtTheConfiguredSize() {
      RelayLab small = new RelayLab(RelayLab.parameters(600, server(1).build()));
      for (int i = 0; i < 30; i++) {
        small.reconfigure(
            new ReconfigureTask(
                Duid.ofHex(String.format("000100012a2b2c2d02005e10%04x", i)),
                LINK,
                Optional.empty(),
                OptionList.EMPTY,
                small.parameters.servers(),
                small.deadline(Duration.ofSeconds(25))));
      }
      List<RelayLab.Sent> sent = small.takeSent();
      assertThat(sent).extracting(s -> s.clients().size()).containsExactly(29, 1);
      assertThat(sent).allSatisfy(s -> assertThat(s.datagram().length()).isLessThanOrEqualTo(552));
    }

    @Test
    @DisplayName("RQ-11: the largest message is sent; one octet more for one client is refused")
    void refusesWhatDoesNotFitAlone() {
      RelayLab small = new RelayLab(RelayLab.parameters(256, server(1).build()));
      for (int octets : List.of(162, 163)) {
        Option supplied =
            new RawOption(OptionCode.ERP_LOCAL_DOMAIN_NAME, Octets.wrap(new byte[octets]));
        small.reconfigure(small.task(1, LINK, OptionList.of(supplied)));
      }
      assertThat(small.takeSent()).extracting(s -> s.datagram().length()).containsExactly(208);
      assertThat(small.reconfigured)
          .singleElement()
          .isInstanceOfSatisfying(
              ExchangeOutcome.NotSent.class,
              o -> assertThat(o.reason()).isEqualTo(NotSentReason.TOO_LARGE));
    }

    @Test
    @DisplayName("RQ-10 RQ-11: clients share a message up to its last octet; who left takes none")
    void fillsAMessage() {
      for (int client = 1; client <= 20; client++) {
        lab.reconfigure(client);
      }
      int full = lab.takeOne().datagram().length();
      int header = 48; // IPv6 and UDP, as in RQ-11
      for (int room : List.of(full, full - 1)) {
        RelayLab small = new RelayLab(RelayLab.parameters(room + header, server(1).build()));
        small.reconfigure(99).drop(DropReason.CANCELLED);
        for (int client = 1; client <= 19; client++) {
          small.reconfigure(client);
        }
        small.reconfigure(98).drop(DropReason.CANCELLED);
        small.reconfigure(20);
        List<RelayLab.Sent> sent = small.takeSent();
        assertThat(sent)
            .extracting(one -> one.clients().size())
            .containsExactly(room == full ? new Integer[] {20} : new Integer[] {19, 1});
      }
    }

    @Test
    @DisplayName("nothing waits behind a message that is sent and unanswered")
    void doesNotWaitForTheUnanswered() {
      lab.reconfigure(1);
      RelayLab.Sent lost = lab.takeOne();
      lab.reconfigure(2);
      RelayLab.Sent next = lab.takeOne();
      assertThat(next.atMillis()).isEqualTo(lost.atMillis());
      lab.reply(next, StatusCode.SUCCESS);
      assertThat(lab.reconfigured).hasSize(1);
    }

    @Test
    @DisplayName(
        "RQ-34: UnspecFail is retried once without Interface-Id and RECONF_MSG, then halved")
    void correctsThenHalves() {
      RelayLab include =
          new RelayLab(
              server(1)
                  .include(includes(Include.INTERFACE_ID, Include.RECONFIGURE_MESSAGE))
                  .build());
      List<ExchangeOutcome> outcomes = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        ReconfigureTask task = include.task(i);
        include.agent.reconfigure(
            new ReconfigureTask(
                task.client(),
                LINK,
                Optional.of(Octets.ofUtf8("same")),
                OptionList.EMPTY,
                task.servers(),
                task.deadlineNanos()),
            outcomes::add);
      }
      int messages = 0;
      List<RelayLab.Sent> open = new ArrayList<>(include.takeSent());
      Set<Integer> ids = new HashSet<>();
      while (!open.isEmpty()) {
        RelayLab.Sent request = open.remove(0);
        assertThat(ids.add(request.transactionId())).as("a new xid for each").isTrue();
        boolean full = request.inner().options().has(OptionCode.INTERFACE_ID);
        assertThat(full).isEqualTo(messages == 0);
        assertThat(request.inner().options().has(OptionCode.RECONF_MSG)).isEqualTo(messages == 0);
        messages++;
        boolean bad = full || request.clients().contains(client(4));
        include.reply(request, bad ? StatusCode.UNSPEC_FAIL : StatusCode.SUCCESS);
        open.addAll(include.takeSent());
      }
      // 5 full, 5 corrected, 3+2 halves, 1+1 of the bad half: one bad client spoils nobody's change
      assertThat(messages).isEqualTo(6);
      assertThat(outcomes).hasSize(5);
      assertThat(outcomes).filteredOn(o -> o.kind() == ExchangeOutcome.Kind.ACCEPTED).hasSize(4);
      assertThat(outcomes)
          .filteredOn(o -> o.kind() == ExchangeOutcome.Kind.REFUSED)
          .singleElement()
          .satisfies(
              o -> {
                assertThat(o.results().get(0).status()).contains(StatusCode.UNSPEC_FAIL);
                assertThat(o.transmissions()).isEqualTo(4);
              });
    }

    @Test
    @DisplayName("RQ-34: where the corrected message stays unanswered, UnspecFail was the answer")
    void remembersTheRefusalBeforeTheSilence() {
      RelayLab include =
          new RelayLab(server(1).include(includes(Include.RECONFIGURE_MESSAGE)).build());
      include.reconfigure(1);
      include.reply(include.takeOne(), StatusCode.UNSPEC_FAIL);
      include.pass(Duration.ofSeconds(26));
      assertThat(include.takeSent()).hasSize(5);
      assertThat(include.reconfigured)
          .singleElement()
          .satisfies(
              o -> {
                assertThat(o.kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
                assertThat(o.results().get(0).status()).contains(StatusCode.UNSPEC_FAIL);
              });
    }

    @Test
    @DisplayName("RQ-34: at most six halvings; nothing to correct and one client: refused at once")
    void stopsHalving() {
      for (int i = 0; i < 65; i++) {
        lab.reconfigure(i);
      }
      List<RelayLab.Sent> open = new ArrayList<>(lab.takeSent());
      int messages = 0;
      while (!open.isEmpty()) {
        messages++;
        lab.reply(open.remove(0), StatusCode.UNSPEC_FAIL);
        open.addAll(lab.takeSent());
      }
      // halves of 65 after six times: 63 ones and one pair, which is left together
      assertThat(messages).isEqualTo(127);
      assertThat(lab.reconfigured)
          .hasSize(65)
          .allSatisfy(o -> assertThat(o.kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED));
    }
  }

  @Nested
  class Limits {
    private RelayLab limited(int perSecond, int queue) {
      return new RelayLab(
          server(1).rateLimit(RateLimit.perSecond(perSecond)).queueLimit(queue).build());
    }

    private static Ipv6Address link(int number) {
      return Ipv6Address.parse("2001:db8:" + number + "::1");
    }

    private static void assertNotSent(ExchangeOutcome outcome, NotSentReason reason) {
      assertThat(outcome)
          .isInstanceOfSatisfying(
              ExchangeOutcome.NotSent.class, o -> assertThat(o.reason()).isEqualTo(reason));
    }

    private static ReconfigureTask within(RelayLab lab, int client, Ipv6Address link, int millis) {
      return new ReconfigureTask(
          client(client),
          link,
          Optional.empty(),
          OptionList.EMPTY,
          lab.parameters.servers(),
          lab.deadline(Duration.ofMillis(millis)));
    }

    @Test
    @DisplayName(
        "RQ-22: 20,000 clients on 10 links at 100/s: all accepted within 30 s, none sent twice")
    void carriesAMassChangeThroughANarrowLimit() {
      RelayLab narrow = limited(100, 4096);
      List<Long> sentAt = new ArrayList<>();
      Set<Duid> asked = new HashSet<>();
      int offered = 0;
      while (narrow.reconfigured.size() < 20_000) {
        for (int i = 0; i < 100 && offered < 20_000; i++, offered++) {
          Ipv6Address link = Ipv6Address.parse("2001:db8:" + (offered % 10 + 1) + "::1");
          Duid client = Duid.ofHex(String.format("0003000102005e%06x", offered));
          narrow.agent.reconfigure(
              new ReconfigureTask(
                  client,
                  link,
                  Optional.empty(),
                  OptionList.EMPTY,
                  narrow.parameters.servers(),
                  narrow.deadline(Duration.ofSeconds(25))),
              narrow.reconfigured::add);
        }
        narrow.agent.burstEnd();
        for (RelayLab.Sent request : narrow.takeSent()) {
          sentAt.add(request.atMillis());
          request.clients().forEach(c -> assertThat(asked.add(c)).isTrue());
          narrow.reply(request, StatusCode.SUCCESS);
        }
        narrow.pass(Duration.ofMillis(2));
      }
      assertThat(narrow.time.nanos() - RelayLab.ORIGIN)
          .isLessThan(Duration.ofSeconds(30).toNanos());
      assertThat(narrow.reconfigured)
          .allSatisfy(o -> assertThat(o.kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED));
      for (int i = 100; i < sentAt.size(); i++) {
        assertThat(sentAt.get(i) - sentAt.get(i - 100)).isGreaterThanOrEqualTo(1000);
      }
    }

    @Test
    @DisplayName("RQ-23: a full queue refuses at once, counted in messages")
    void refusesWhenTheQueueIsFull() {
      RelayLab narrow = limited(1, 2);
      for (int i = 1; i <= 4; i++) {
        narrow.reconfigure(narrow.task(i, link(i), OptionList.EMPTY));
        narrow.time.settle();
      }
      narrow.reconfigure(narrow.task(5, link(3), OptionList.EMPTY));
      narrow.time.settle();
      assertThat(narrow.sent).hasSize(1);
      assertThat(narrow.reconfigured).hasSize(1);
      assertNotSent(narrow.reconfigured.get(0), NotSentReason.QUEUE_FULL);
      narrow.pass(Duration.ofMillis(2100));
      assertThat(narrow.takeSent()).extracting(s -> s.clients().size()).containsExactly(1, 1, 2);
    }

    @Test
    @DisplayName("RQ-22: a deadline that the limit cannot meet refuses at once")
    void refusesWhenTheDeadlineCannotBeMet() {
      RelayLab narrow = limited(1, 100);
      for (int i = 1; i <= 40; i++) {
        narrow.reconfigure(narrow.task(i, link(i), OptionList.EMPTY));
        narrow.time.settle();
      }
      assertThat(narrow.reconfigured)
          .isNotEmpty()
          .allSatisfy(o -> assertNotSent(o, NotSentReason.DEADLINE));
      assertThat(narrow.reconfigured).hasSizeBetween(14, 17);
    }

    @Test
    @DisplayName("a client whose deadline passes in the queue counts as not sent, by itself")
    void countsWhatTheDeadlineFindsInTheQueue() {
      RelayLab narrow = limited(1, 100);
      narrow.reconfigure(1);
      narrow.reconfigure(narrow.task(2, OTHER_LINK, OptionList.EMPTY)); // leaves in a second
      narrow.reconfigure(within(narrow, 3, OTHER_LINK, 500));
      narrow.pass(Duration.ofMillis(500));
      assertThat(narrow.reconfigured)
          .singleElement()
          .satisfies(o -> assertNotSent(o, NotSentReason.DEADLINE));
      assertThat(narrow.events).containsExactly("not-sent dhcp-1 DEADLINE");
      narrow.pass(Duration.ofMillis(600));
      assertThat(narrow.takeSent().get(1).clients()).containsExactly(client(2));
    }

    @Test
    @DisplayName(
        "RQ-22: behind a spent limit each place in the queue is worth its share of a second")
    void countsThoseWhoWaitAgainstTheDeadline() {
      RelayLab narrow = limited(10, 100);
      for (int i = 1; i <= 20; i++) {
        narrow.reconfigure(narrow.task(i, link(i), OptionList.EMPTY));
      }
      narrow.pass(Duration.ofMillis(1));
      narrow.reconfigure(within(narrow, 21, link(21), 1500));
      narrow.time.settle();
      assertNotSent(narrow.reconfigured.get(0), NotSentReason.DEADLINE);
    }

    @Test
    @DisplayName("RQ-23: who leaves the queue leaves room; who was refused a place in it does not")
    void countsWhoWaits() {
      RelayLab narrow = limited(1, 1);
      narrow.reconfigure(narrow.task(1, LINK, OptionList.EMPTY));
      narrow.reconfigure(narrow.task(2, LINK, OptionList.EMPTY));
      RelayLab.Sent both = narrow.takeOne();
      narrow.reconfigure(narrow.task(3, link(3), OptionList.EMPTY)).drop(DropReason.CANCELLED);
      narrow.time.settle();
      narrow.reconfigured.clear();
      narrow.reconfigure(narrow.task(4, link(4), OptionList.EMPTY));
      narrow.time.settle();
      assertThat(narrow.reconfigured).as("there was room").isEmpty();
      narrow.reply(both, StatusCode.UNSPEC_FAIL); // its halves find none
      assertThat(narrow.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.REFUSED, ExchangeOutcome.Kind.REFUSED);
      narrow.reconfigure(narrow.task(5, link(5), OptionList.EMPTY));
      narrow.time.settle();
      assertNotSent(narrow.reconfigured.get(2), NotSentReason.QUEUE_FULL);
    }

    @Test
    @DisplayName("a reload that raises the limit lets go at once what waited for the old one")
    void aHigherLimitIsTakenAtOnce() {
      RelayLab narrow = limited(1, 100);
      narrow.reconfigure(narrow.task(1, LINK, OptionList.EMPTY));
      narrow.reconfigure(narrow.task(2, OTHER_LINK, OptionList.EMPTY));
      assertThat(narrow.takeSent()).hasSize(1);
      narrow.reload(server(1).rateLimit(RateLimit.perSecond(100)).build());
      narrow.time.settle();
      assertThat(narrow.takeSent()).hasSize(1);
    }

    @Test
    @DisplayName(
        "RQ-22: a reload that leaves the limit as it is gives nobody another second's worth")
    void countsOnAcrossAReload() {
      RelayLab narrow = limited(1, 100);
      narrow.reconfigure(within(narrow, 1, link(1), 20_000));
      narrow.takeOne();
      assertThat(narrow.agent.status().get(0).underWay()).isEqualTo(1);
      DhcpServer same = narrow.parameters.servers().get(0);
      narrow.reload(same.toBuilder().queueLimit(99).build());
      narrow.reconfigure(within(narrow, 2, link(2), 20_000));
      assertThat(narrow.takeSent()).isEmpty();
      assertThat(narrow.agent.status().get(0).waiting()).isEqualTo(1);
    }

    @Test
    @DisplayName("RQ-22: the second that a limit allows for begins when a message has left")
    void countsFromWhenAMessageHasLeft() {
      RelayLab narrow = limited(1, 100);
      narrow.sending = Duration.ofMillis(400);
      narrow.reconfigure(narrow.task(1, LINK, OptionList.EMPTY));
      narrow.agent.burstEnd();
      narrow.sending = Duration.ZERO;
      narrow.reconfigure(narrow.task(2, OTHER_LINK, OptionList.EMPTY));
      narrow.agent.burstEnd();
      narrow.pass(Duration.ofMillis(990)); // 1390 after it was granted
      assertThat(narrow.sent).hasSize(1);
      narrow.pass(Duration.ofMillis(30));
      assertThat(narrow.sent).extracting(s -> s.clients().get(0)).contains(client(2));
    }

    @Test
    @DisplayName("how long a new message has waited is told, and not of one that is sent again")
    void tellsHowLongAMessageWaited() {
      RelayLab narrow = limited(1, 100);
      narrow.reconfigure(within(narrow, 1, link(1), 4500));
      narrow.pass(Duration.ofMillis(250));
      narrow.reconfigure(within(narrow, 2, link(2), 4000));
      narrow.pass(Duration.ofSeconds(5));
      assertThat(narrow.takeSent()).hasSizeGreaterThan(2);
      assertThat(narrow.waited).hasSize(2);
      assertThat(narrow.waited.get(0)).isZero();
      assertThat(narrow.waited.get(1)).isBetween(Duration.ofMillis(750), Duration.ofMillis(770));
    }

    @Test
    @DisplayName("each client of a message has its answer by its own deadline, the others wait on")
    void keepsEachClientsDeadline() {
      for (int second : new int[] {5, 2, 4}) {
        lab.reconfigure(within(lab, second, LINK, second * 1000));
      }
      assertThat(lab.takeOne().clients()).hasSize(3);
      for (int second = 1; second <= 5; second++) {
        int over = List.of(0, 1, 1, 2, 3).get(second - 1);
        lab.pass(Duration.ofMillis(second == 1 ? 1020 : 1000));
        assertThat(lab.reconfigured).as("after " + second + " s").hasSize(over);
      }
      assertThat(lab.takeSent())
          .extracting(RelayLab.Sent::clients)
          .containsExactly(List.of(client(5), client(2), client(4)), List.of(client(5), client(4)));
    }

    @Test
    @DisplayName("RQ-22: retransmissions count, and go after what was never sent")
    void limitsRetransmissionsToo() {
      RelayLab narrow = limited(2, 100);
      narrow.reconfigure(narrow.task(1, LINK, OptionList.EMPTY));
      narrow.reconfigure(narrow.task(2, OTHER_LINK, OptionList.EMPTY));
      assertThat(narrow.takeSent()).hasSize(2);
      narrow.pass(Duration.ofMillis(990));
      narrow.reconfigure(narrow.task(3, LINK, OptionList.EMPTY));
      narrow.reconfigure(narrow.task(4, OTHER_LINK, OptionList.EMPTY));
      narrow.pass(Duration.ofMillis(100));
      assertThat(narrow.takeSent())
          .extracting(s -> s.clients().get(0))
          .containsExactly(client(3), client(4));
      narrow.pass(Duration.ofMillis(1100));
      assertThat(narrow.takeSent())
          .extracting(s -> s.clients().get(0))
          .containsExactly(client(1), client(2));
    }
  }

  @Nested
  class SeveralServers {
    private final RelayLab three =
        new RelayLab(server(1).build(), server(2).build(), server(3).build());

    @Test
    @DisplayName(
        "RQ-14 RQ-15 RQ-35: one message to each, each with its own xid, told apart by server")
    void asksEachServer() {
      three.reconfigure(1);
      List<RelayLab.Sent> sent = three.takeSent();
      assertThat(sent).hasSize(3);
      Set<Integer> ids = new HashSet<>();
      sent.forEach(s -> ids.add(s.transactionId()));
      assertThat(ids).hasSize(3);
      // server 2 answers with the xid that server 1 was asked with
      three.receive(
          sent.get(1),
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, sent.get(0), StatusCode.SUCCESS));
      assertThat(three.reconfigured).isEmpty();
      assertThat(three.discarded).hasSize(1);
    }

    @Test
    @DisplayName("RQ-36: accepted by one at once; the others run out in the background")
    void acceptsWithTheFirst() {
      Exchange exchange = three.reconfigure(1);
      List<RelayLab.Sent> sent = three.takeSent();
      three.reply(sent.get(0), StatusCode.SUCCESS, listed(1));
      assertThat(three.reconfigured).isEmpty();
      three.reply(sent.get(1), StatusCode.SUCCESS);
      assertThat(three.reconfigured).hasSize(1);
      ExchangeOutcome outcome = three.reconfigured.get(0);
      assertThat(outcome.kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(outcome.results())
          .filteredOn(result -> result.kind() == ServerResult.Kind.ACCEPTED)
          .extracting(result -> result.server().name())
          .containsExactly("dhcp-2");
      assertThat(outcome.results())
          .extracting(ServerResult::kind)
          .containsExactly(
              ServerResult.Kind.LISTED, ServerResult.Kind.ACCEPTED, ServerResult.Kind.PENDING);
      exchange.drop(DropReason.ANSWERED);
      three.reply(sent.get(2), StatusCode.SUCCESS, listed(1));
      assertThat(three.discarded).as("the third answer is known, not late").isEmpty();
      three.pass(Duration.ofSeconds(30));
      assertThat(three.takeSent()).isEmpty();
      assertThat(three.reconfigured).hasSize(1);
    }

    @Test
    @DisplayName("RQ-17 RQ-48: whom an answer lists was asked for, though nobody waits any longer")
    void knowsWhomTheMessageHadNamed() {
      Exchange exchange = three.reconfigure(1);
      List<RelayLab.Sent> sent = three.takeSent();
      three.reply(sent.get(0), StatusCode.SUCCESS);
      exchange.drop(DropReason.ANSWERED);
      three.reply(sent.get(1), StatusCode.SUCCESS, listed(1));
      assertThat(unknown()).isEmpty();
      three.reply(sent.get(2), StatusCode.SUCCESS, listed(1), listed(9));
      assertThat(unknown()).hasSize(1);
    }

    @Test
    @DisplayName("RQ-48: nor is one unknown whose deadline has passed")
    void knowsWhoHadLessTime() {
      for (int i = 1; i <= 2; i++) {
        three.reconfigure(
            new ReconfigureTask(
                client(i),
                Ipv6Address.parse("2001:db8:7::1"),
                Optional.empty(),
                OptionList.EMPTY,
                three.parameters.servers().subList(0, 1),
                three.deadline(Duration.ofMillis(i * 500L))));
      }
      RelayLab.Sent both = three.takeOne();
      three.pass(Duration.ofMillis(600));
      three.reply(both, StatusCode.SUCCESS, listed(1));
      assertThat(three.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.NO_ANSWER, ExchangeOutcome.Kind.ACCEPTED);
      assertThat(unknown()).isEmpty();
    }

    private List<String> unknown() {
      return three.events.stream().filter(event -> event.startsWith("unknown")).toList();
    }

    @Test
    @DisplayName("several refusals: every server's result is reported")
    void reportsAllRefusals() {
      three.reconfigure(1);
      List<RelayLab.Sent> sent = three.takeSent();
      three.reply(sent.get(0), StatusCode.SUCCESS, listed(1));
      three.reply(sent.get(1), StatusCode.NOT_CONFIGURED);
      three.pass(Duration.ofMillis(25_100));
      assertThat(three.reconfigured.get(0).kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      assertThat(three.reconfigured.get(0).results())
          .extracting(ServerResult::kind)
          .containsExactly(
              ServerResult.Kind.LISTED, ServerResult.Kind.STATUS, ServerResult.Kind.NO_ANSWER);
    }

    @Test
    @DisplayName("RQ-36: nor does one that died while the message to it waited for its turn")
    void deadServerDelaysNobodyInItsQueue() {
      RelayLab two =
          new RelayLab(server(1).rateLimit(RateLimit.perSecond(1)).build(), server(2).build());
      int[] patience = {900, 1900, 3100, 25_000}; // cut short three times, in three seconds
      for (int i = 0; i < patience.length; i++) {
        two.reconfigure(
            new ReconfigureTask(
                client(i),
                Ipv6Address.parse("2001:db8:7:" + i + "::1"),
                Optional.empty(),
                OptionList.EMPTY,
                two.parameters.servers().subList(0, 1),
                two.deadline(Duration.ofMillis(patience[i]))));
      }
      two.reconfigure(two.task(9, LINK, OptionList.EMPTY));
      RelayLab.Sent toTheOther =
          two.takeSent().stream()
              .filter(s -> s.to().equals(two.parameters.servers().get(1).address()))
              .findFirst()
              .orElseThrow();
      two.reply(toTheOther, StatusCode.SUCCESS, listed(9));
      two.pass(Duration.ofMillis(3950));
      assertThat(two.events).contains("dhcp-1 dead");
      assertThat(two.takeSent())
          .extracting(RelayLab.Sent::clients)
          .doesNotContain(List.of(client(9)));
      two.reconfigured.clear();
      two.pass(Duration.ofSeconds(1));
      assertThat(two.reconfigured).as("its message has just left").isEmpty();
      two.pass(Duration.ofMillis(150));
      assertThat(two.reconfigured)
          .singleElement()
          .extracting(ExchangeOutcome::kind)
          .isEqualTo(ExchangeOutcome.Kind.REFUSED);
    }

    @Test
    @DisplayName("RQ-36: one dead, one that lists half, one late: the dead one delays nobody")
    void deadServerDelaysNobody() {
      for (int round = 0; round < 3; round++) { // server 1 is dead, and is found to be
        for (int i = 0; i < 4; i++) {
          three.reconfigure(i).drop(DropReason.CANCELLED);
          three.reconfigure(i);
        }
        List<RelayLab.Sent> sent = three.takeSent();
        three.reply(sent.get(1), StatusCode.SUCCESS, listed(1), listed(3));
        assertThat(three.reconfigured)
            .filteredOn(o -> o.kind() == ExchangeOutcome.Kind.ACCEPTED)
            .as("accepted by server 2 without waiting")
            .hasSize(2);
        three.pass(Duration.ofMillis(200));
        three.reply(sent.get(2), StatusCode.SUCCESS, listed(3)); // late, and takes client 1
        assertThat(three.reconfigured)
            .filteredOn(o -> o.kind() == ExchangeOutcome.Kind.ACCEPTED)
            .hasSize(3);
        long refused =
            three.reconfigured.stream()
                .filter(o -> o.kind() == ExchangeOutcome.Kind.REFUSED)
                .count();
        // client 3 is refused by both; only while the dead server may be alive is it waited for
        assertThat(refused).isEqualTo(round == 0 ? 0 : 1);
        three.pass(Duration.ofSeconds(26));
        three.takeSent();
        assertThat(three.reconfigured)
            .filteredOn(o -> o.kind() == ExchangeOutcome.Kind.REFUSED)
            .hasSize(1);
        three.reconfigured.clear();
      }
      assertThat(three.events).contains("dhcp-1 dead");
      three.reconfigure(9);
      List<RelayLab.Sent> sent = three.takeSent();
      assertThat(sent).as("still asked").hasSize(3);
      three.reply(sent.get(0), StatusCode.SUCCESS);
      assertThat(three.events).contains("dhcp-1 reachable");
    }

    @Test
    @DisplayName(
        "RQ-36: a server that is two seconds late decides; the dead one is given up at three")
    void aLateServerIsNotTakenForDead() {
      for (int client = 1; client <= 4; client++) { // each on a link, so in a message, of its own
        three.reconfigure(
            three.task(client, Ipv6Address.parse("2001:db8:" + client + "::1"), OptionList.EMPTY));
      }
      List<RelayLab.Sent> sent = three.takeSent();
      for (int client = 1; client <= 4; client++) {
        three.reply(sent.get(4 + client - 1), StatusCode.SUCCESS, listed(client));
      }
      three.pass(Duration.ofSeconds(2));
      assertThat(three.reconfigured).as("refused by one, the others may still accept").isEmpty();
      for (int client = 1; client <= 3; client++) {
        three.reply(sent.get(8 + client - 1), StatusCode.SUCCESS);
      }
      three.reply(sent.get(11), StatusCode.SUCCESS, listed(4));
      assertThat(three.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .hasSize(3)
          .containsOnly(ExchangeOutcome.Kind.ACCEPTED);
      three.pass(Duration.ofMillis(1400));
      assertThat(three.events).containsOnlyOnce("dhcp-1 dead");
      assertThat(three.reconfigured).hasSize(4);
      assertThat(three.reconfigured.get(3).kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
    }

    @Test
    @DisplayName("RQ-19: a server that is silent while another accepts is noticed all the same")
    void aServerWhoseAnswerNobodyNeedsIsMissed() {
      for (int round = 1; round <= 3; round++) {
        assertThat(three.events).as("perhaps it is only late").doesNotContain("dhcp-1 dead");
        Exchange exchange = three.reconfigure(round);
        List<RelayLab.Sent> sent = three.takeSent();
        three.reply(sent.get(1), StatusCode.SUCCESS);
        exchange.drop(DropReason.ANSWERED);
        three.pass(Duration.ofSeconds(2));
        three.reply(sent.get(2), StatusCode.SUCCESS); // too late, but alive
        three.pass(Duration.ofSeconds(5));
        assertThat(three.takeSent()).as("asked again").isEmpty();
      }
      assertThat(three.events).containsOnlyOnce("dhcp-1 dead");
      assertThat(three.events).doesNotContain("dhcp-2 dead", "dhcp-3 dead");
      assertThat(three.discarded)
          .extracting(RelayLab.Discarded::reason)
          .hasSize(3)
          .containsOnly(ReplyDiscard.LATE);
    }

    @Test
    @DisplayName("a server found dead is waited for no longer, by any of those that asked it")
    void everybodyHearsThatAServerIsDead() {
      for (int client = 1; client <= 4; client++) {
        three.reconfigure(
            three.task(client, Ipv6Address.parse("2001:db8:" + client + "::1"), OptionList.EMPTY));
      }
      List<RelayLab.Sent> sent = three.takeSent();
      for (int client = 1; client <= 4; client++) {
        three.reply(sent.get(4 + client - 1), StatusCode.SUCCESS, listed(client));
        three.reply(sent.get(8 + client - 1), StatusCode.NOT_CONFIGURED);
      }
      assertThat(three.reconfigured).isEmpty();
      three.pass(Duration.ofMillis(3400));
      assertThat(three.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .hasSize(4)
          .containsOnly(ExchangeOutcome.Kind.REFUSED);
    }

    @Test
    @DisplayName("a server counts as silent until it is heard, however long nobody asks it")
    void aSilentServerIsSilentUntilItAnswers() {
      RelayLab one = new RelayLab(server(1).build());
      assertThat(one.agent.status().get(0).reachable()).as("never asked").isTrue();
      for (int client = 1; client <= 2; client++) {
        one.reconfigure(client);
        one.pass(RelayParameters.DEFAULT_DEAD_SERVER_MEMORY.multipliedBy(5));
        one.takeSent();
        assertThat(one.agent.status().get(0).reachable()).isFalse();
      }
      assertThat(one.events).as("said once").containsOnlyOnce("dhcp-1 dead");
      one.reconfigure(3);
      one.reply(one.takeOne(), StatusCode.SUCCESS);
      assertThat(one.agent.status().get(0).reachable()).isTrue();
      assertThat(one.events).containsOnlyOnce("dhcp-1 reachable");
    }

    @Test
    @DisplayName("3.7: a server that makes no sense of the message is not silent")
    void aServerThatDoesNotSupportItIsAlive() {
      RelayLab one = new RelayLab(server(1).build());
      one.reconfigure(1);
      one.pass(Duration.ofSeconds(30));
      one.takeSent();
      assertThat(one.events).endsWith("dhcp-1 dead", "unanswered dhcp-1 5");
      one.reconfigure(2);
      RelayLab.Sent request = one.takeOne();
      one.receive(request, RelayLab.answer(MessageType.REPLY, request, StatusCode.UNSPEC_FAIL));
      assertThat(one.events).endsWith("dhcp-1 reachable", "unsupported dhcp-1");
    }

    @Test
    @DisplayName("a silent server that is asked otherwise from now on is not silent any more")
    void aServerThatIsAskedNothingAnyMoreIsNotSilent() {
      RelayLab one = new RelayLab(server(1).build());
      one.reconfigure(1);
      one.pass(RelayParameters.DEFAULT_DEAD_SERVER_MEMORY.multipliedBy(5));
      RelayAgent.LaneStatus silent = one.agent.status().get(0);
      assertThat(silent.reachable()).isFalse();
      assertThat(silent.waitedFor()).as("that is over").isTrue();
      one.reload(server(1).build());
      assertThat(one.agent.status().get(0).reachable()).as("nothing is other").isFalse();
      one.reload(server(1).reconfigure(ReconfigureMode.AT_RENEW).build());
      assertThat(one.agent.status().get(0).reachable()).isTrue();
    }

    @Test
    @DisplayName("servers that are not rfc6977, or no longer configured, are not asked")
    void skipsOtherModes() {
      RelayLab mixed =
          new RelayLab(server(1).reconfigure(ReconfigureMode.AT_RENEW).build(), server(2).build());
      mixed.reconfigure(1);
      RelayLab.Sent request = mixed.takeOne();
      assertThat(request.to().getAddress().getHostAddress()).endsWith(":2");
      mixed.agent.reload(RelayLab.parameters(server(2).build()));
      mixed.reply(request, StatusCode.NOT_ALLOWED);
      assertThat(mixed.reconfigured.get(0).results())
          .extracting(ServerResult::kind)
          .containsExactly(ServerResult.Kind.NOT_SENT, ServerResult.Kind.STATUS);
    }

    @Test
    @DisplayName(
        "RQ-13: All_DHCP_Servers: any server may answer; a refusal leaves room for another")
    void collectsAnswersBehindMulticast() {
      DhcpServer group = DhcpServer.builder("all", new InetSocketAddress("ff05::1:3", 547)).build();
      RelayLab multicast = new RelayLab(group);
      multicast.reconfigure(1);
      multicast.reconfigure(2);
      RelayLab.Sent request = multicast.takeOne();
      assertThat(request.to()).isEqualTo(new InetSocketAddress("ff05::1:3", 547));
      Octets first =
          RelayLab.answer(
                  MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS, listed(1), listed(2))
              .encode();
      Octets second =
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS, listed(2))
              .encode();
      multicast.agent.onDatagram(first, new InetSocketAddress("2001:db8::1", 547));
      multicast.agent.onDatagram(second, new InetSocketAddress("2001:db8::2", 547));
      multicast.agent.burstEnd();
      assertThat(multicast.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED);
      multicast.pass(Duration.ofMillis(1020));
      assertThat(multicast.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED, ExchangeOutcome.Kind.REFUSED);
      assertThat(multicast.takeSent()).isEmpty();
    }

    @Test
    @DisplayName("RQ-13 RQ-48: one of them may list whom another has accepted")
    void isListedByAnotherBehindMulticast() {
      DhcpServer group = DhcpServer.builder("all", new InetSocketAddress("ff05::1:3", 547)).build();
      RelayLab multicast = new RelayLab(group);
      multicast.reconfigure(1);
      multicast.reconfigure(2);
      RelayLab.Sent request = multicast.takeOne();
      for (Option[] listed : List.of(new Option[] {listed(2)}, new Option[] {listed(1)})) {
        multicast.agent.onDatagram(
            RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS, listed)
                .encode(),
            new InetSocketAddress("2001:db8::1", 547));
      }
      multicast.agent.burstEnd();
      assertThat(multicast.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED, ExchangeOutcome.Kind.ACCEPTED);
      assertThat(multicast.events).isEmpty();
    }

    @Test
    @DisplayName("RQ-13 RQ-34: UnspecFail of one of them is no reason to ask all of them again")
    void waitsForTheOthersBehindMulticast() {
      DhcpServer group =
          DhcpServer.builder("all", new InetSocketAddress("ff05::1:3", 547))
              .include(includes(Include.RECONFIGURE_MESSAGE))
              .build();
      RelayLab multicast = new RelayLab(group);
      multicast.reconfigure(1);
      RelayLab.Sent request = multicast.takeOne();
      for (StatusCode status : List.of(StatusCode.UNSPEC_FAIL, StatusCode.SUCCESS)) {
        assertThat(multicast.reconfigured).isEmpty();
        multicast.agent.onDatagram(
            RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, status).encode(),
            new InetSocketAddress("2001:db8::" + status.number(), 547));
        multicast.agent.burstEnd();
      }
      assertThat(multicast.takeSent()).isEmpty();
      assertThat(multicast.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(multicast.events).as("a group has no DUID").isEmpty();
    }

    private final DhcpServer group =
        DhcpServer.builder("all", new InetSocketAddress("ff05::1:3", 547)).build();
    private final RelayLab behindGroup = new RelayLab(group);

    /** One of the servers that the group is answers. */
    private void answerOf(int server, Message answer) {
      behindGroup.agent.onDatagram(
          answer.encode(), new InetSocketAddress("2001:db8::" + server, 547));
      behindGroup.agent.burstEnd();
    }

    @Test
    @DisplayName("RQ-13 3.7: one of them makes no sense of the message: another may accept")
    void waitsForThoseThatSupportIt() {
      behindGroup.reconfigure(1);
      RelayLab.Sent request = behindGroup.takeOne();
      answerOf(1, RelayLab.answer(MessageType.REPLY, request, StatusCode.UNSPEC_FAIL));
      assertThat(behindGroup.reconfigured).isEmpty();
      answerOf(2, RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS));
      assertThat(behindGroup.reconfigured)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("RQ-13: refused by all of them: the first refusal is told when the wait is over")
    void tellsTheFirstRefusalBehindMulticast() {
      behindGroup.reconfigure(1);
      RelayLab.Sent request = behindGroup.takeOne();
      answerOf(1, RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.NOT_ALLOWED));
      answerOf(
          2, RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.NOT_CONFIGURED));
      behindGroup.pass(Duration.ofMillis(1020));
      assertThat(resultStatus(behindGroup)).contains(StatusCode.NOT_ALLOWED);
      assertThat(behindGroup.events).as("the group is not silent").isEmpty();
    }

    private Optional<StatusCode> resultStatus(RelayLab of) {
      assertThat(of.reconfigured).hasSize(1);
      return of.reconfigured.get(0).results().get(0).status();
    }

    @Test
    @DisplayName("RQ-13: all clients accepted: nothing is waited for, and what comes then is late")
    void isOverWhenAllAreAcceptedBehindMulticast() {
      behindGroup.reconfigure(1);
      RelayLab.Sent request = behindGroup.takeOne();
      for (int server = 1; server <= 2; server++) {
        answerOf(
            server, RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS));
      }
      assertThat(behindGroup.reconfigured).hasSize(1);
      assertThat(behindGroup.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.LATE);
    }
  }
}
