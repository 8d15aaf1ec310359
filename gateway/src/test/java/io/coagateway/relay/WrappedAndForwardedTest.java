package io.coagateway.relay;

import static io.coagateway.relay.RelayLab.LINK;
import static io.coagateway.relay.RelayLab.PEER;
import static io.coagateway.relay.RelayLab.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.RelayPortOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RELAY-FORW and RELAY-REPL: our own wrapped messages, deliveries, and other relays' requests. */
class WrappedAndForwardedTest {
  private static final Octets RECONFIGURE = Octets.ofHex("0a000000 0002000a0003000102005e0000aa");

  private static RelayParameters with(
      Map<Octets, String> interfaces, ForwardingParameters forwarding, DhcpServer... servers) {
    RelayParameters p = RelayLab.parameters(servers);
    return new RelayParameters(
        p.bind(),
        p.relayId(),
        interfaces,
        p.servers(),
        p.maxMessageSize(),
        p.releaseTypes(),
        p.reconfigureRetransmission(),
        p.releaseRetransmission(),
        p.reconfigureMessageType(),
        forwarding,
        p.deadServerMemory());
  }

  @Test
  @DisplayName("3.9 C: wrapped both ways, the answer unwrapped and matched by peer, link and xid")
  void wrapsForServersThatWantIt() {
    RelayLab lab = new RelayLab(server(1).relayed(true).build());
    lab.reconfigure(1);
    RelayLab.Sent request = lab.takeOne();
    RelayMessage forward = (RelayMessage) request.message();
    assertThat(forward.type()).isEqualTo(MessageType.RELAY_FORW);
    assertThat(forward.hopCount()).isZero();
    assertThat(forward.options().first(RelayPortOption.class)).contains(new RelayPortOption(0));
    Message answer = RelayLab.answer(MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS);
    lab.receive(request, answer); // bare: not the way it was asked
    lab.receive(request, RelayLab.relayReply(request, answer));
    assertThat(lab.discarded)
        .extracting(RelayLab.Discarded::reason)
        .containsExactly(ReplyDiscard.WRONG_WRAPPER);
    assertThat(lab.reconfigured.get(0).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
  }

  @Test
  @DisplayName("3.9 C: a release request is wrapped both ways, too, and within the largest size")
  void wrapsReleaseRequests() {
    RelayLab lab = new RelayLab(RelayLab.parameters(256, server(1).relayed(true).build()));
    for (int client = 1; client <= 8; client++) {
      lab.release(lab.releaseTask(client, RelayLab.address(1, "2001:db8:1::" + client)));
    }
    List<RelayLab.Sent> sent = lab.takeSent();
    assertThat(sent).hasSizeGreaterThan(1);
    for (RelayLab.Sent request : sent) {
      assertThat(request.datagram().length()).isLessThanOrEqualTo(256 - 48); // IPv6 and UDP
      Message answer = RelayLab.answer(RelayLab.TYPES.reply(), request, StatusCode.SUCCESS);
      lab.receive(request, answer);
      lab.receive(request, RelayLab.relayReply(request, answer));
    }
    assertThat(lab.discarded)
        .hasSameSizeAs(sent)
        .extracting(RelayLab.Discarded::reason)
        .containsOnly(ReplyDiscard.WRONG_WRAPPER);
    assertThat(lab.released)
        .hasSize(8)
        .extracting(ExchangeOutcome::kind)
        .containsOnly(ExchangeOutcome.Kind.ACCEPTED);
  }

  @Nested
  class Delivery {
    private final RelayLab lab =
        new RelayLab(
            with(
                Map.of(Octets.ofUtf8("1/1/7"), "eth0.107"),
                ForwardingParameters.OFF,
                server(1).build()));

    private void receive(Ipv6Address peer, OptionList beside, Octets content) {
      Octets reply =
          new RelayMessage(
                  MessageType.RELAY_REPL,
                  0,
                  LINK,
                  peer,
                  beside.plus(new RawOption(OptionCode.RELAY_MSG, content)))
              .encode();
      lab.agent.onDatagram(reply, lab.parameters.servers().get(0).address());
      lab.agent.burstEnd();
    }

    @Test
    @DisplayName("RQ-20 RQ-21: RECONFIGURE in RELAY-REPL is delivered and is no success")
    void deliversReconfigure() {
      lab.reconfigure(1);
      lab.takeOne();
      receive(PEER, OptionList.of(new InterfaceIdOption(Octets.ofUtf8("1/1/7"))), RECONFIGURE);
      assertThat(lab.delivered)
          .containsExactly(RECONFIGURE + " to fe80::5eff:fe00:5301 546 on eth0.107");
      assertThat(lab.events).contains("delivered RECONFIGURE fe80::5eff:fe00:5301");
      assertThat(lab.reconfigured).isEmpty();
    }

    @Test
    @DisplayName("an Interface-Id may itself name the interface; without one it is undeliverable")
    void findsTheInterface() {
      receive(PEER, OptionList.of(new InterfaceIdOption(Octets.ofUtf8("eth7"))), RECONFIGURE);
      receive(PEER, OptionList.EMPTY, RECONFIGURE);
      assertThat(lab.delivered.get(0)).endsWith("546 on eth7");
      assertThat(lab.delivered.get(1)).endsWith("546 on the link of " + LINK);
      assertThat(lab.events).contains("undeliverable RECONFIGURE fe80::5eff:fe00:5301");
    }

    @Test
    @DisplayName(
        "RFC 8415 section 19.2: a nested RELAY-REPL goes to the relay's port, or the one it told")
    void deliversToTheNextRelay() {
      Octets nested =
          new RelayMessage(
                  MessageType.RELAY_REPL,
                  0,
                  LINK,
                  PEER,
                  OptionList.of(new RawOption(OptionCode.RELAY_MSG, RECONFIGURE)))
              .encode();
      Ipv6Address relay = Ipv6Address.parse("2001:db8::77");
      InterfaceIdOption any = new InterfaceIdOption(Octets.ofUtf8("eth7"));
      receive(relay, OptionList.of(any), nested);
      receive(relay, OptionList.of(any, new RelayPortOption(4711)), nested);
      assertThat(lab.delivered.get(0)).contains(" to 2001:db8::77 547 ");
      assertThat(lab.delivered.get(1)).contains(" to 2001:db8::77 4711 ");
    }

    @Test
    void discardsContentForOthers() {
      receive(PEER, OptionList.EMPTY, Octets.ofHex("02000001"));
      receive(PEER, OptionList.EMPTY, Octets.ofHex("07abcdef"));
      receive(PEER, OptionList.EMPTY, Octets.EMPTY);
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(
              ReplyDiscard.NOT_OURS, ReplyDiscard.UNKNOWN_TRANSACTION, ReplyDiscard.MALFORMED);
    }
  }

  @Nested
  class Forwarding {
    private final InetSocketAddress relay = new InetSocketAddress("2001:db8:77::1", 547);
    private final InetSocketAddress stranger = new InetSocketAddress("2001:db8:88::1", 40001);
    private final Octets request =
        Octets.ofHex(
            "12010203 0001000a0003000102005e005301 0050001020010db8000100000000000000000001");
    private final Octets release = Octets.ofHex("fa0a0b0c 0002000a0003000102005e0000aa");
    private final List<RelayLab.Sent> back = new ArrayList<>();

    private InetSocketAddress heardAt = new InetSocketAddress("2001:db8:ffff::2", 547);

    private final DatagramPort listening =
        new DatagramPort() {
          @Override
          public void send(Octets datagram, InetSocketAddress to) {
            back.add(new RelayLab.Sent(0, datagram, to));
          }

          @Override
          public void flush() {}

          @Override
          public InetSocketAddress local() {
            return heardAt;
          }
        };

    private RelayLab lab(
        ForwardingParameters.Policy reconfigure,
        ForwardingParameters.Policy release,
        String... trusted) {
      return new RelayLab(
          with(
              Map.of(),
              new ForwardingParameters(
                  List.of(listening.local()),
                  reconfigure,
                  release,
                  List.of(trusted).stream().map(Ipv6Prefix::parse).toList()),
              server(1).build(),
              server(2).rateLimit(RateLimit.perSecond(1)).build()));
    }

    private RelayLab accepting(String... trusted) {
      return lab(ForwardingParameters.Policy.ACCEPT, ForwardingParameters.Policy.ACCEPT, trusted);
    }

    @Test
    @DisplayName("RQ-60 RQ-62: accepted by default, wrapped in RELAY-FORW for every server")
    void wrapsABareRequest() {
      RelayLab lab = accepting();
      lab.agent.onForwardable(request, relay, listening);
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent).hasSize(2);
      RelayMessage forward = (RelayMessage) sent.get(0).message();
      assertThat(forward.hopCount()).isZero();
      assertThat(forward.peerAddress()).isEqualTo(Ipv6Address.parse("2001:db8:77::1"));
      assertThat(forward.linkAddress()).isEqualTo(Ipv6Address.parse("2001:db8:ffff::2"));
      assertThat(forward.options().first(RelayPortOption.class)).contains(new RelayPortOption(0));
      assertThat(forward.relayed().orElseThrow().encode()).isEqualTo(request);
    }

    @Test
    @DisplayName("RQ-62 RL-51: the answer is carried back to who asked, from where it asked")
    void carriesTheAnswerBack() {
      RelayLab lab = accepting();
      lab.agent.onForwardable(request, stranger, listening);
      RelayLab.Sent forwarded = lab.takeSent().get(0);
      assertThat(((RelayMessage) forwarded.message()).options().first(RelayPortOption.class))
          .as("RFC 8357 section 5.2")
          .contains(new RelayPortOption(40001));
      Message answer =
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, forwarded, StatusCode.SUCCESS);
      lab.receive(forwarded, RelayLab.relayReply(forwarded, answer));
      assertThat(back).hasSize(1);
      assertThat(back.get(0).datagram()).isEqualTo(answer.encode());
      assertThat(back.get(0).to()).isEqualTo(stranger);
      assertThat(lab.discarded).isEmpty();
      lab.pass(Duration.ofSeconds(61));
      lab.receive(forwarded, RelayLab.relayReply(forwarded, answer));
      assertThat(back).as("forgotten after a minute").hasSize(1);
    }

    private Octets requestOf(int transactionId) {
      return Octets.ofHex(String.format("12%06x", transactionId))
          .plus(request.slice(4, request.length()));
    }

    @Test
    @DisplayName("RL-51: of more than 10,000 requests the newest are known, and those repeated")
    void forgetsTheOldestAsker() {
      RelayLab lab = accepting();
      lab.agent.onForwardable(requestOf(1), relay, listening);
      RelayLab.Sent first = lab.takeSent().get(0);
      for (int id = 2; id <= 10_000; id++) {
        lab.agent.onForwardable(requestOf(id), relay, listening);
      }
      lab.agent.onForwardable(requestOf(1), relay, listening);
      lab.agent.onForwardable(requestOf(10_001), relay, listening);
      for (int id : List.of(1, 2, 3)) {
        Message answer =
            new ClientServerMessage(MessageType.RECONFIGURE_REPLY, id, OptionList.EMPTY);
        lab.receive(first, RelayLab.relayReply(first, answer));
      }
      assertThat(back).extracting(RelayLab.Sent::transactionId).containsExactly(1, 3);
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.UNKNOWN_TRANSACTION);
    }

    @ParameterizedTest(name = "{0} from {1} to {2}: {3}")
    @CsvSource({"547, 547, ", "547, 40000, 0", "40001, 547, 40001", "40001, 40000, 40001"})
    @DisplayName("RFC 8357 section 5.2: the port is told unless all of them are 547")
    void tellsThePort(int source, int ours, Integer told) {
      RelayLab lab = accepting();
      lab.localPort = ours;
      lab.agent.onForwardable(
          request, new InetSocketAddress(relay.getAddress(), source), listening);
      RelayMessage forward = (RelayMessage) lab.takeSent().get(0).message();
      assertThat(forward.options().first(RelayPortOption.class).map(RelayPortOption::port))
          .isEqualTo(Optional.ofNullable(told));
    }

    @ParameterizedTest(name = "relayed {0} by {1} to {2}: {3}")
    @CsvSource({
      "false, 2001:db8:77::1, 2001:db8:ffff::2, 2001:db8:ffff::2",
      "true,  2001:db8:77::1, 2001:db8:ffff::2, ::",
      "true,  fe80::77,       2001:db8:ffff::2, 2001:db8:ffff::2",
      "false, fe80::77,       fe80::2,          ::",
    })
    @DisplayName("RFC 8415 section 19.1.2: the link is told where the relay's address tells none")
    void tellsTheLink(boolean relayed, String source, String local, String link) {
      heardAt = new InetSocketAddress(local, 547);
      RelayLab lab = accepting();
      Octets nested =
          new RelayMessage(
                  MessageType.RELAY_FORW,
                  0,
                  LINK,
                  PEER,
                  OptionList.of(new RawOption(OptionCode.RELAY_MSG, request)))
              .encode();
      lab.agent.onForwardable(
          relayed ? nested : request, new InetSocketAddress(source, 547), listening);
      assertThat(((RelayMessage) lab.takeSent().get(0).message()).linkAddress())
          .isEqualTo(Ipv6Address.parse(link));
    }

    @Test
    @DisplayName("RL-51: a release request goes on as it came, and its answer back as it came")
    void forwardsAReleaseRequest() {
      RelayLab lab = accepting("2001:db8:77::/48");
      lab.agent.onForwardable(release, relay, listening);
      RelayLab.Sent forwarded = lab.takeSent().get(0);
      RelayMessage forward = (RelayMessage) forwarded.message();
      assertThat(forward.hopCount()).isZero();
      assertThat(forward.peerAddress()).isEqualTo(Ipv6Address.parse("2001:db8:77::1"));
      assertThat(forward.relayed().orElseThrow().encode()).isEqualTo(release);
      Message answer =
          RelayLab.answer(RelayLab.TYPES.reply(), forwarded, StatusCode.NOT_CONFIGURED);
      lab.receive(forwarded, RelayLab.relayReply(forwarded, answer));
      assertThat(back)
          .singleElement()
          .satisfies(s -> assertThat(s.datagram()).isEqualTo(answer.encode()))
          .satisfies(s -> assertThat(s.to()).isEqualTo(relay));
    }

    @Test
    @DisplayName("RQ-62: RELAY-FORW of another relay gets one hop more, up to the limit of 8")
    void countsHops() {
      RelayLab lab = accepting();
      for (int hops : new int[] {0, 7, 8}) {
        Octets nested =
            new RelayMessage(
                    MessageType.RELAY_FORW,
                    hops,
                    LINK,
                    PEER,
                    OptionList.of(new RawOption(OptionCode.RELAY_MSG, request)))
                .encode();
        lab.agent.onForwardable(nested, relay, listening);
      }
      List<RelayLab.Sent> sent =
          lab.takeSent().stream().filter(s -> s.to().toString().contains(":1]")).toList();
      assertThat(sent)
          .extracting(s -> ((RelayMessage) s.message()).hopCount())
          .containsExactly(1, 8);
      assertThat(((RelayMessage) sent.get(0).message()).linkAddress())
          .isEqualTo(Ipv6Address.UNSPECIFIED);
      assertThat(lab.events).contains("not-forwarded 18 hop-count 8 has reached the limit");
      // and back through both relays
      Message answer =
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, sent.get(0), StatusCode.SUCCESS);
      RelayMessage outer = (RelayMessage) sent.get(0).message();
      RelayMessage inner =
          new RelayMessage(
              MessageType.RELAY_REPL, 0, LINK, PEER, OptionList.of(new RelayMessageOption(answer)));
      lab.receive(
          sent.get(0),
          new RelayMessage(
              MessageType.RELAY_REPL,
              1,
              outer.linkAddress(),
              outer.peerAddress(),
              OptionList.of(new RelayMessageOption(inner))));
      assertThat(back).extracting(RelayLab.Sent::datagram).containsExactly(inner.encode());
    }

    @Test
    @DisplayName("RQ-61 RL-50: rejected, untrusted or other messages are discarded silently")
    void rejects() {
      RelayLab off = lab(ForwardingParameters.Policy.REJECT, ForwardingParameters.Policy.REJECT);
      off.agent.onForwardable(request, relay, listening);
      off.agent.onForwardable(release, relay, listening);
      assertThat(off.takeSent()).isEmpty();
      RelayLab offForTrusted =
          lab(
              ForwardingParameters.Policy.REJECT,
              ForwardingParameters.Policy.REJECT,
              "2001:db8:77::/48");
      offForTrusted.agent.onForwardable(request, relay, listening);
      offForTrusted.agent.onForwardable(release, relay, listening);
      assertThat(offForTrusted.takeSent()).as("whoever asks").isEmpty();
      RelayLab trusting = accepting("2001:db8:77::/48");
      trusting.agent.onForwardable(request, stranger, listening);
      trusting.agent.onForwardable(release, stranger, listening);
      trusting.agent.onForwardable(Octets.ofHex("01000001"), relay, listening);
      trusting.agent.onForwardable(Octets.ofHex("0c00"), relay, listening);
      trusting.agent.onForwardable(Octets.EMPTY, relay, listening);
      assertThat(trusting.takeSent()).isEmpty();
      assertThat(trusting.events).hasSize(5).allMatch(e -> e.startsWith("not-forwarded"));
      assertThat(back).isEmpty();
      trusting.agent.onForwardable(release, relay, listening);
      assertThat(trusting.takeSent()).hasSize(2);
      RelayLab nobodyTrusted = accepting();
      nobodyTrusted.agent.onForwardable(release, relay, listening);
      assertThat(nobodyTrusted.takeSent()).as("RL-50: from trusted sources alone").isEmpty();
    }

    @Test
    @DisplayName("RQ-22: forwarded requests count against the server's limit")
    void keepsTheLimit() {
      RelayLab lab = accepting();
      lab.agent.onForwardable(request, relay, listening);
      lab.agent.onForwardable(request, relay, listening);
      assertThat(lab.takeSent()).hasSize(3);
      assertThat(lab.events).contains("not-forwarded 18 the rate limit of dhcp-2");
    }

    @Test
    @DisplayName("RQ-22: and from when they have left")
    void countsFromWhenARequestHasLeft() {
      RelayLab lab = accepting();
      lab.sending = Duration.ofMillis(400);
      lab.agent.onForwardable(request, relay, listening); // 400 to the first, 400 to the second
      lab.sending = Duration.ZERO;
      lab.sent.clear();
      lab.pass(Duration.ofMillis(900));
      lab.agent.onForwardable(request, relay, listening);
      assertThat(lab.takeSent()).as("900 ms after it has left, 1700 after the permit").hasSize(1);
      lab.pass(Duration.ofMillis(110));
      lab.agent.onForwardable(request, relay, listening);
      assertThat(lab.takeSent()).hasSize(2);
    }

    /** Another relay draws its ids as we draw ours: they may be the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsTheAskerOfAnAnswerWhoseTransactionIdIsOursToo(boolean over) {
      RelayLab lab = accepting();
      lab.reconfigure(1);
      RelayLab.Sent own = lab.takeSent().get(0);
      if (over) {
        lab.reply(own, StatusCode.SUCCESS);
      }
      Octets same =
          Octets.ofHex(String.format("12%06x", own.transactionId()))
              .plus(request.slice(4, request.length()));
      lab.agent.onForwardable(same, relay, listening);
      RelayLab.Sent forwarded = lab.takeSent().get(0);
      assertThat(forwarded.transactionId()).isEqualTo(own.transactionId());
      Message answer =
          RelayLab.answer(MessageType.RECONFIGURE_REPLY, forwarded, StatusCode.SUCCESS);
      lab.receive(forwarded, RelayLab.relayReply(forwarded, answer));
      assertThat(back).extracting(RelayLab.Sent::datagram).containsExactly(answer.encode());
      assertThat(lab.discarded).isEmpty();
      assertThat(lab.reconfigured).hasSize(over ? 1 : 0);
    }

    @Test
    void doesNotMixUpForwardedAndOwnExchanges() {
      RelayLab lab = accepting();
      lab.reconfigure(1);
      RelayLab.Sent own = lab.takeSent().get(0);
      lab.agent.onForwardable(request, relay, listening);
      lab.takeSent();
      lab.reply(own, StatusCode.SUCCESS);
      assertThat(lab.reconfigured).hasSize(1);
      assertThat(back).isEmpty();
    }
  }
}
