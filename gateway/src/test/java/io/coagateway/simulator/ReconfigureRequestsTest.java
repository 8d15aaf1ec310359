package io.coagateway.simulator;

import static io.coagateway.simulator.Bench.ALICE;
import static io.coagateway.simulator.Bench.ALICE_PEER;
import static io.coagateway.simulator.Bench.BOB;
import static io.coagateway.simulator.Bench.LINK;
import static io.coagateway.simulator.Bench.RELAY;
import static io.coagateway.simulator.Bench.SERVER;
import static io.coagateway.simulator.Bench.SOURCE;
import static io.coagateway.simulator.Bench.STRANGER;
import static io.coagateway.simulator.Bench.accepting;
import static io.coagateway.simulator.Bench.reconfigureRequest;
import static io.coagateway.simulator.Bench.relayed;
import static io.coagateway.simulator.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.AuthOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.LinkAddressOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.dhcpv6.ReconfigureAcceptOption;
import io.coagateway.dhcpv6.ReconfigureMessageOption;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.RelayPortOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.Policy;
import io.coagateway.simulator.SimulatorParameters.ReconfigureClients;
import io.coagateway.simulator.SimulatorParameters.UnknownClients;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RFC 6977 section 6.5, rule by rule. */
class ReconfigureRequestsTest {
  private final Bench bench = new Bench(accepting());

  @Test
  @DisplayName("RQ-40, RQ-45: rejects with NotAllowed unless told to accept")
  void rejectsByDefault() {
    Bench strict = new Bench(SimulatorParameters.builder(SERVER));
    Message answer = strict.bareAnswer(reconfigureRequest(ALICE));
    assertThat(status(answer)).isEqualTo(StatusCode.NOT_ALLOWED);
    assertThat(answer.options().has(OptionCode.CLIENTID)).isFalse();
    new Bench(accepting().reconfigureRequests(Policy.SILENT))
        .dropped(reconfigureRequest(ALICE), DropReason.SILENT);
  }

  @Test
  @DisplayName("RQ-41: no CLIENTID, no LINK_ADDRESS, another's SERVERID: silence")
  void dropsInvalidRequests() {
    ClientServerMessage good = reconfigureRequest(ALICE);
    bench.dropped(good.with(good.options().without(OptionCode.CLIENTID)), DropReason.INVALID);
    bench.dropped(good.with(good.options().without(OptionCode.LINK_ADDRESS)), DropReason.INVALID);
    bench.dropped(good.with(good.options().plus(new ServerIdOption(RELAY))), DropReason.INVALID);
    assertThat(bench.answer(good.with(good.options().plus(new ServerIdOption(SERVER)))))
        .isNotNull();
  }

  @Test
  @DisplayName("RQ-42, RQ-43, RQ-47, RQ-48: same xid, SERVERID, Success, and who will not come")
  void listsWhoWillNotBeReconfigured() {
    Reply reply = bench.answer(reconfigureRequest(ALICE, BOB, STRANGER));
    assertThat(reply.message())
        .isEqualTo(
            new ClientServerMessage(
                MessageType.RECONFIGURE_REPLY,
                0x010203,
                OptionList.of(
                    new ServerIdOption(SERVER),
                    new StatusCodeOption(StatusCode.SUCCESS),
                    new ClientIdOption(BOB),
                    new ClientIdOption(STRANGER))));
    assertThat(reply.to()).isEqualTo(SOURCE);
  }

  @Test
  @DisplayName("RQ-47: Success even when it lists every client")
  void succeedsWithEveryClientListed() {
    Message answer =
        new Bench(accepting().listedClients(Set.of(ALICE))).bareAnswer(reconfigureRequest(ALICE));
    assertThat(status(answer)).isEqualTo(StatusCode.SUCCESS);
    assertThat(answer.options().all(ClientIdOption.class))
        .containsExactly(new ClientIdOption(ALICE));
  }

  @Test
  @DisplayName("RQ-48: a client on another link is not reconfigured; one prefix is one link")
  void comparesLinks() {
    Ipv6Address same = Ipv6Address.parse("2001:db8:1::2");
    ClientServerMessage other =
        new ClientServerMessage(
            MessageType.RECONFIGURE_REQUEST,
            1,
            OptionList.of(new ClientIdOption(ALICE), new LinkAddressOption(same)));
    assertThat(bench.bareAnswer(other).options().has(OptionCode.CLIENTID)).isTrue();
    Bench knowing = new Bench(accepting().links(List.of(Ipv6Prefix.parse("2001:db8:1::/64"))));
    assertThat(knowing.bareAnswer(other).options().has(OptionCode.CLIENTID)).isFalse();
  }

  @Test
  @DisplayName("RQ-44: malformed gets UnspecFail, with its xid")
  void answersUnspecFailToDefects() {
    ClientServerMessage good = reconfigureRequest(ALICE);
    Message twice = bench.bareAnswer(good.with(good.options().plus(new LinkAddressOption(LINK))));
    assertThat(status(twice)).isEqualTo(StatusCode.UNSPEC_FAIL);
    Message hint =
        bench.bareAnswer(
            good.with(good.options().plus(new ReconfigureMessageOption(MessageType.SOLICIT))));
    assertThat(status(hint)).isEqualTo(StatusCode.UNSPEC_FAIL);
    Reception cut = bench.server.receive(good.encode().slice(0, 20), SOURCE, bench.time.nanos());
    ClientServerMessage answer = (ClientServerMessage) cut.replies().get(0).message();
    assertThat(status(answer)).isEqualTo(StatusCode.UNSPEC_FAIL);
    assertThat(answer.transactionId()).isEqualTo(0x010203);
    assertThat(answer.options().has(OptionCode.SERVERID)).isTrue();
  }

  @Test
  @DisplayName("RQ-44: options and clients that this server cannot stand")
  void dislikesWhatItIsToldTo() {
    Bench picky =
        new Bench(
            accepting()
                .dislikedOptions(Set.of(OptionCode.INTERFACE_ID))
                .poisonousClients(Set.of(BOB)));
    ClientServerMessage good = reconfigureRequest(ALICE);
    InterfaceIdOption line = new InterfaceIdOption(Octets.ofUtf8("eth0"));
    assertThat(status(picky.bareAnswer(good))).isEqualTo(StatusCode.SUCCESS);
    assertThat(status(picky.bareAnswer(good.with(good.options().plus(line)))))
        .isEqualTo(StatusCode.UNSPEC_FAIL);
    assertThat(status(picky.bareAnswer(reconfigureRequest(ALICE, BOB))))
        .isEqualTo(StatusCode.UNSPEC_FAIL);
  }

  @Test
  @DisplayName("RQ-46: an unknown link is NotConfigured")
  void answersNotConfiguredForUnknownLinks() {
    Bench elsewhere = new Bench(accepting().links(List.of(Ipv6Prefix.parse("2001:db8:2::/64"))));
    assertThat(status(elsewhere.bareAnswer(reconfigureRequest(ALICE))))
        .isEqualTo(StatusCode.NOT_CONFIGURED);
  }

  @Test
  void refusesWithTheStatusConfigured() {
    Message answer =
        new Bench(accepting().refusal(new StatusCode(77))).bareAnswer(reconfigureRequest(ALICE));
    assertThat(status(answer)).isEqualTo(new StatusCode(77));
  }

  @Test
  void believesUnknownClientsWhenTold() {
    Bench credulous = new Bench(accepting().unknownClients(UnknownClients.BELIEVE));
    Message answer = credulous.bareAnswer(reconfigureRequest(STRANGER, BOB));
    assertThat(answer.options().all(ClientIdOption.class)).containsExactly(new ClientIdOption(BOB));
  }

  @Test
  @DisplayName(
      "RQ-50, RQ-51: RECONFIGURE with xid 0, the hint and RKAP, in RELAY-REPL to the relay")
  void sendsReconfigureThroughTheRelay() {
    ClientServerMessage good = reconfigureRequest(ALICE, BOB);
    bench.answer(good.with(good.options().plus(new ReconfigureMessageOption(MessageType.REBIND))));
    List<Reply> due = bench.server.dueReconfigures(bench.time.nanos());
    assertThat(due).hasSize(1);
    assertThat(due.get(0).to()).isEqualTo(SOURCE);
    RelayMessage outer = (RelayMessage) due.get(0).message();
    assertThat(outer.type()).isEqualTo(MessageType.RELAY_REPL);
    assertThat(outer.linkAddress()).isEqualTo(LINK);
    assertThat(outer.peerAddress()).isEqualTo(ALICE_PEER);
    assertThat(outer.options().first(InterfaceIdOption.class)).isPresent();
    ClientServerMessage inner = (ClientServerMessage) outer.relayed().orElseThrow();
    assertThat(inner.type()).isEqualTo(MessageType.RECONFIGURE);
    assertThat(inner.transactionId()).isZero();
    assertThat(inner.options().first(ServerIdOption.class)).contains(new ServerIdOption(SERVER));
    assertThat(inner.options().first(ClientIdOption.class)).contains(new ClientIdOption(ALICE));
    assertThat(inner.options().first(ReconfigureMessageOption.class))
        .contains(new ReconfigureMessageOption(MessageType.REBIND));
    AuthOption auth = inner.options().first(AuthOption.class).orElseThrow();
    Octets zeroed =
        inner
            .with(
                inner
                    .options()
                    .without(OptionCode.AUTH)
                    .plus(AuthOption.rkapDigest(auth.replayDetection(), Octets.wrap(new byte[16]))))
            .encode();
    Octets key = bench.leases.find(ALICE).orElseThrow().key().orElseThrow();
    assertThat(auth.reconfigureDigest()).contains(ReconfigureQueue.hmacMd5(key, zeroed));
  }

  @Test
  @DisplayName("RQ-51: a client without a key gets one that nobody can guess, and keeps it")
  void makesUpAKeyOnce() {
    bench.answer(reconfigureRequest(ALICE));
    Octets key = bench.leases.find(ALICE).orElseThrow().key().orElseThrow();
    assertThat(key.length()).isEqualTo(16);
    assertThat(key).isNotEqualTo(Octets.wrap(new byte[16]));
    bench.answer(reconfigureRequest(ALICE));
    assertThat(bench.leases.find(ALICE).orElseThrow().key()).contains(key);
  }

  @Test
  @DisplayName("RFC 8415 section 20.3: NTP time, and more than the last one in any case")
  void countsReplayDetectionUp() {
    assertThat(ReplayDetection.ntp(Instant.parse("1900-01-01T00:00:01.500Z")))
        .isEqualTo(0x00000001_80000000L);
    assertThat(ReplayDetection.ntp(Instant.parse("2026-11-21T20:00:00.250Z")))
        .isEqualTo(0xeeac76c0_40000000L);
    List<Long> sent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      bench.answer(reconfigureRequest(ALICE)); // at one and the same time
      bench.time.pass(Duration.ofSeconds(i));
    }
    bench.time.setWallClock(Instant.EPOCH);
    bench.answer(reconfigureRequest(ALICE));
    bench.time.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 4; i++) {
      RelayMessage relayed =
          (RelayMessage) bench.server.dueReconfigures(bench.time.nanos()).get(0).message();
      sent.add(
          relayed
              .relayed()
              .orElseThrow()
              .options()
              .first(AuthOption.class)
              .orElseThrow()
              .replayDetection());
      bench.time.pass(Duration.ofSeconds(1));
    }
    assertThat(sent.get(0)).isEqualTo(0xebaa7e80_00000000L);
    assertThat(sent.get(1)).isEqualTo(sent.get(0) + 1);
    assertThat(sent.get(2)).isEqualTo(sent.get(0) + (1L << 32));
    assertThat(sent.get(3)).as("the clock was set back").isEqualTo(sent.get(2) + 1);
  }

  @Test
  void noReconfigureIsSentToAClientThatNobodyCanReach() {
    bench.answer(
        new ClientServerMessage(
            MessageType.REBIND,
            1,
            OptionList.of(new ClientIdOption(BOB), new ReconfigureAcceptOption())));
    assertThat(bench.bareAnswer(reconfigureRequest(BOB)).options().has(OptionCode.CLIENTID))
        .as("it accepts")
        .isFalse();
    assertThat(bench.server.nextReconfigureNanos()).isEmpty();
  }

  @Test
  void computesHmacMd5AsRfc2202HasIt() { // RFC 2202 section 2, test case 1
    assertThat(
            ReconfigureQueue.hmacMd5(
                Octets.ofHex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), Octets.ofUtf8("Hi There")))
        .hasToString("9294727a3638bb1c13f48ef8158bfc9d");
  }

  @Test
  @DisplayName("RQ-52: RECONFIGUREs leave no faster than the limit")
  void limitsReconfigures() {
    Bench slow = new Bench(accepting().reconfiguresPerSecond(2));
    for (int i = 0; i < 3; i++) {
      slow.answer(reconfigureRequest(ALICE));
    }
    assertThat(slow.server.dueReconfigures(slow.time.nanos())).hasSize(1);
    assertThat(slow.server.dueReconfigures(slow.time.nanos())).isEmpty();
    assertThat(slow.server.nextReconfigureNanos().orElseThrow()).isEqualTo(500_000_000L);
    slow.time.pass(Duration.ofMillis(500));
    assertThat(slow.server.dueReconfigures(slow.time.nanos())).hasSize(1);
    slow.time.pass(Duration.ofSeconds(9));
    assertThat(slow.server.dueReconfigures(slow.time.nanos())).hasSize(1);
    assertThat(slow.server.nextReconfigureNanos()).isEmpty();
  }

  @Test
  void sendsNoReconfigureWhenToldNotTo() {
    Bench quiet = new Bench(accepting().reconfigureClients(ReconfigureClients.NEVER));
    quiet.answer(reconfigureRequest(ALICE));
    assertThat(quiet.server.nextReconfigureNanos()).isEmpty();
  }

  @Test
  @DisplayName("RQ-53, RQ-55: requests of unknown relays are dropped silently, malformed ones too")
  void dropsUnknownRelays() {
    Bench closed = new Bench(accepting().relays(List.of(Ipv6Prefix.parse("2001:db8:f::/48"))));
    closed.dropped(reconfigureRequest(ALICE), DropReason.UNKNOWN_RELAY);
    Octets cut = reconfigureRequest(ALICE).encode().slice(0, 20);
    assertThat(closed.server.receive(cut, SOURCE, 0).replies()).isEmpty();
    Bench open = new Bench(accepting().relays(List.of(Ipv6Prefix.parse("2001:db8::/48"))));
    assertThat(open.answer(reconfigureRequest(ALICE))).isNotNull();
  }

  @Test
  @DisplayName("RQ-54: RELAY_ID as policy")
  void judgesRelayId() {
    Bench choosy = new Bench(accepting().relayIds(Set.of(RELAY)));
    ClientServerMessage good = reconfigureRequest(ALICE);
    choosy.dropped(good, DropReason.UNKNOWN_RELAY);
    assertThat(choosy.answer(good.with(good.options().plus(new RelayIdOption(RELAY))))).isNotNull();
  }

  @Test
  @DisplayName("RQ-56: relayed requests are answered through the relays, or refused")
  void answersThroughRelays() {
    Message asked =
        relayed(
            relayed(
                reconfigureRequest(ALICE),
                new InterfaceIdOption(Octets.ofUtf8("eth7")),
                new RelayPortOption(0)),
            new RelayPortOption(4711));
    RelayMessage outer = (RelayMessage) bench.answer(asked).message();
    assertThat(outer.type()).isEqualTo(MessageType.RELAY_REPL);
    assertThat(outer.options().first(RelayPortOption.class)).contains(new RelayPortOption(4711));
    RelayMessage inner = (RelayMessage) outer.relayed().orElseThrow();
    assertThat(inner.options())
        .startsWith(new InterfaceIdOption(Octets.ofUtf8("eth7")), new RelayPortOption(0));
    assertThat(status(inner.relayed().orElseThrow())).isEqualTo(StatusCode.SUCCESS);
    Bench direct = new Bench(accepting().relayedRequests(Policy.REJECT));
    direct.dropped(asked, DropReason.UNKNOWN_RELAY);
    Octets cut = reconfigureRequest(ALICE).encode().slice(0, 20);
    RelayMessage around = relayed(reconfigureRequest(ALICE));
    Octets malformed =
        around.with(OptionList.of(new RawOption(OptionCode.RELAY_MSG, cut))).encode();
    assertThat(bench.server.receive(malformed, SOURCE, 0).replies()).as("RQ-44").hasSize(1);
    assertThat(direct.server.receive(malformed, SOURCE, 0).replies()).isEmpty();
  }

  @Test
  @DisplayName("RQ-57, RL-25: replies and unknown types are dropped silently")
  void dropsWhatIsNotForServers() {
    for (int type : new int[] {7, 10, 19, 251, 99, 14}) {
      bench.dropped(
          new ClientServerMessage(MessageType.of(type), 1, OptionList.EMPTY),
          DropReason.NOT_FOR_SERVERS);
    }
    bench.dropped(
        new RelayMessage(
            MessageType.RELAY_REPL,
            0,
            LINK,
            ALICE_PEER,
            OptionList.of(new RelayMessageOption(reconfigureRequest(ALICE)))),
        DropReason.NOT_FOR_SERVERS);
    bench.dropped(
        new RelayMessage(MessageType.RELAY_FORW, 0, LINK, ALICE_PEER, OptionList.EMPTY),
        DropReason.MALFORMED);
  }

  @Test
  void answersToTheConfiguredPortUnlessOption135AsksOtherwise() { // RFC 8357 section 5.3
    Bench fixed = new Bench(accepting().answerPort(547));
    InetSocketAddress server = new InetSocketAddress(SOURCE.getAddress(), 547);
    assertThat(fixed.answer(reconfigureRequest(ALICE)).to()).isEqualTo(server);
    assertThat(fixed.answer(relayed(reconfigureRequest(ALICE))).to()).isEqualTo(server);
    assertThat(fixed.answer(relayed(reconfigureRequest(ALICE), new RelayPortOption(0))).to())
        .isEqualTo(SOURCE);
  }

  @Test
  void losesWhatItIsToldTo() {
    Bench lossy = new Bench(accepting().dropFirst(2));
    lossy.dropped(reconfigureRequest(ALICE), DropReason.SIMULATED_LOSS);
    lossy.dropped(reconfigureRequest(ALICE), DropReason.SIMULATED_LOSS);
    assertThat(lossy.answer(reconfigureRequest(ALICE))).isNotNull();
    new Bench(accepting().dropPercent(100))
        .dropped(reconfigureRequest(ALICE), DropReason.SIMULATED_LOSS);
  }
}
