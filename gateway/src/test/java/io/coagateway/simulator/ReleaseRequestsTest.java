package io.coagateway.simulator;

import static io.coagateway.simulator.Bench.ALICE;
import static io.coagateway.simulator.Bench.ALICE_ADDRESS;
import static io.coagateway.simulator.Bench.ALICE_PREFIX;
import static io.coagateway.simulator.Bench.BOB;
import static io.coagateway.simulator.Bench.RELAY;
import static io.coagateway.simulator.Bench.RELEASE_REPLY;
import static io.coagateway.simulator.Bench.SERVER;
import static io.coagateway.simulator.Bench.STRANGER;
import static io.coagateway.simulator.Bench.accepting;
import static io.coagateway.simulator.Bench.relayed;
import static io.coagateway.simulator.Bench.releaseRequest;
import static io.coagateway.simulator.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.Policy;
import io.coagateway.simulator.SimulatorParameters.UnknownClients;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The release draft, sections 3.2.1 and 4.3, rule by rule. */
class ReleaseRequestsTest {
  private static final Option ADDRESS =
      new IaAddressOption(ALICE_ADDRESS.prefix().address(), 0, 0, OptionList.EMPTY);
  private static final Option PREFIX =
      new IaPrefixOption(0, 0, ALICE_PREFIX.prefix(), OptionList.EMPTY);
  private static final Option IA_NA = new IaNaOption(1, 0, 0, OptionList.of(ADDRESS));
  private static final Option IA_PD = new IaPdOption(2, 0, 0, OptionList.of(PREFIX));
  private static final OptionList NO_BINDING =
      OptionList.of(new StatusCodeOption(StatusCode.NO_BINDING));

  /** The answer when all was freed. */
  private static final Message SUCCESS =
      new ClientServerMessage(
          RELEASE_REPLY,
          0x0a0b0c,
          OptionList.of(new ServerIdOption(SERVER), new StatusCodeOption(StatusCode.SUCCESS)));

  private final Bench bench = new Bench(accepting());

  private static ClientDataOption alice(Option... more) {
    return new ClientDataOption(OptionList.of(new ClientIdOption(ALICE)).plus(OptionList.of(more)));
  }

  private static List<ClientDataOption> failures(Message answer) {
    return answer.options().all(ClientDataOption.class);
  }

  @Test
  @DisplayName("RL-31: no RELAY_ID, CLIENT_DATA, CLIENTID in it, SERVERID, or another's: dropped")
  void dropsInvalidRequests() {
    ClientServerMessage good = releaseRequest(alice(IA_NA));
    for (OptionCode code :
        List.of(OptionCode.RELAY_ID, OptionCode.CLIENT_DATA, OptionCode.SERVERID)) {
      bench.dropped(good.with(good.options().without(code)), DropReason.INVALID);
    }
    bench.dropped(
        good.with(good.options().without(OptionCode.SERVERID).plus(new ServerIdOption(RELAY))),
        DropReason.INVALID);
    bench.dropped(
        releaseRequest(alice(IA_NA), new ClientDataOption(OptionList.of(IA_PD))),
        DropReason.INVALID);
    assertThat(bench.leases.leases(ALICE)).containsExactly(ALICE_ADDRESS, ALICE_PREFIX);
  }

  @Test
  @DisplayName("RL-32: an unconfigured type is dropped")
  void dropsTheTypeWhenItIsNotConfigured() {
    new Bench(SimulatorParameters.builder(SERVER))
        .dropped(releaseRequest(alice()), DropReason.NOT_FOR_SERVERS);
  }

  @Test
  @DisplayName("RL-30, RL-33: not set up for it: NotConfigured or silence")
  void refusesWhenToldTo() {
    Bench closed = new Bench(accepting().releaseRequests(Policy.REJECT));
    assertThat(status(closed.bareAnswer(releaseRequest(alice(IA_NA)))))
        .isEqualTo(StatusCode.NOT_CONFIGURED);
    assertThat(closed.leases.leases(ALICE)).hasSize(2);
    new Bench(accepting().releaseRequests(Policy.SILENT))
        .dropped(releaseRequest(alice()), DropReason.SILENT);
    Bench refusing = new Bench(accepting().refusal(StatusCode.NOT_ALLOWED));
    assertThat(status(refusing.bareAnswer(releaseRequest(alice()))))
        .isEqualTo(StatusCode.NOT_ALLOWED);
    assertThat(refusing.leases.leases(ALICE)).hasSize(2);
  }

  @Test
  @DisplayName("RL-35, RL-36: containers: frees what is named and says Success")
  void freesWhatContainersName() {
    assertThat(bench.bareAnswer(releaseRequest(alice(IA_NA)))).isEqualTo(SUCCESS);
    assertThat(bench.leases.leases(ALICE)).containsExactly(ALICE_PREFIX);
    bench.answer(releaseRequest(alice(IA_PD)));
    assertThat(bench.leases.leases(ALICE)).isEmpty();
  }

  @Test
  @DisplayName("RL-35: bare IAADDR and IAPREFIX (section 3.1.1)")
  void freesWhatBareOptionsName() {
    Message answer =
        bench.bareAnswer(
            releaseRequest(
                alice(
                    PREFIX,
                    new IaPrefixOption(
                        0, 0, Ipv6Prefix.parse("2001:db8:9::/56"), OptionList.EMPTY))));
    assertThat(bench.leases.leases(ALICE)).containsExactly(ALICE_ADDRESS);
    assertThat(failures(answer))
        .containsExactly(
            alice(new IaPrefixOption(0, 0, Ipv6Prefix.parse("2001:db8:9::/56"), NO_BINDING)));
  }

  @Test
  @DisplayName("RL-35: bare addresses: who has none of them keeps what it has")
  void freesTheAddressesThatStandBare() {
    Ipv6Address unknown = Ipv6Address.parse("2001:db8:9::1");
    Option other = new IaAddressOption(unknown, 0, 0, OptionList.EMPTY);
    assertThat(failures(bench.bareAnswer(releaseRequest(alice(other)))))
        .containsExactly(alice(new IaAddressOption(unknown, 0, 0, NO_BINDING)));
    assertThat(bench.leases.leases(ALICE)).hasSize(2);
    assertThat(bench.bareAnswer(releaseRequest(alice(ADDRESS)))).isEqualTo(SUCCESS);
    assertThat(bench.leases.leases(ALICE)).containsExactly(ALICE_PREFIX);
  }

  @Test
  @DisplayName("RL-35: no identity association: everything of that client (section 4.1.1)")
  void freesEverythingWhenNothingIsNamed() {
    assertThat(failures(bench.bareAnswer(releaseRequest(alice())))).isEmpty();
    assertThat(bench.leases.leases(ALICE)).isEmpty();
  }

  @Test
  @DisplayName("RL-37, RL-38: who has no binding is named, with NoBinding and nothing else")
  void namesFailures() {
    ClientDataOption stranger =
        new ClientDataOption(OptionList.of(new ClientIdOption(STRANGER), IA_NA));
    Option wrongIaid = new IaPdOption(9, 7, 8, OptionList.of(PREFIX));
    Message answer = bench.bareAnswer(releaseRequest(alice(IA_NA, wrongIaid), stranger));
    assertThat(status(answer)).isEqualTo(StatusCode.SUCCESS);
    assertThat(failures(answer))
        .containsExactly(
            alice(new IaPdOption(9, 0, 0, NO_BINDING)),
            new ClientDataOption(
                OptionList.of(
                    new ClientIdOption(STRANGER), new StatusCodeOption(StatusCode.NO_BINDING))));
    assertThat(bench.leases.leases(ALICE)).containsExactly(ALICE_PREFIX);
  }

  @Test
  @DisplayName("RL-14, RL-38: the same request again gets NoBinding")
  void answersNoBindingToARetransmission() {
    bench.answer(releaseRequest(alice(IA_NA, IA_PD)));
    Message again = bench.bareAnswer(releaseRequest(alice(IA_NA, IA_PD)));
    assertThat(status(again)).isEqualTo(StatusCode.SUCCESS);
    assertThat(status(failures(again).get(0).options())).isEqualTo(StatusCode.NO_BINDING);
  }

  private static StatusCode status(OptionList options) {
    return options.first(StatusCodeOption.class).orElseThrow().status();
  }

  private static StatusCode status(Message message) {
    return Bench.status(message);
  }

  @Test
  @DisplayName("RL-37: a client that is kept gets a status of its own")
  void keepsRefusedClients() {
    Bench keeping = new Bench(accepting().refusedClients(Set.of(ALICE)));
    Message answer = keeping.bareAnswer(releaseRequest(alice(IA_NA)));
    assertThat(status(answer)).isEqualTo(StatusCode.SUCCESS);
    assertThat(status(failures(answer).get(0).options())).isEqualTo(StatusCode.UNSPEC_FAIL);
    assertThat(keeping.leases.leases(ALICE)).hasSize(2);
  }

  @Test
  @DisplayName("RL-39: INTERFACE_ID comes back")
  void echoesInterfaceId() {
    InterfaceIdOption line = new InterfaceIdOption(Octets.ofUtf8("eth0"));
    ClientServerMessage request = releaseRequest(alice());
    assertThat(
            bench
                .bareAnswer(request.with(request.options().plus(line)))
                .options()
                .first(InterfaceIdOption.class))
        .contains(line);
  }

  @Test
  @DisplayName("RL-34, RL-41, RL-42, RL-43: unknown relays and RELAY_IDs are dropped silently")
  void dropsUnknownRelays() {
    Bench elsewhere = new Bench(accepting().relays(List.of(Ipv6Prefix.parse("2001:db8:f::/48"))));
    elsewhere.dropped(releaseRequest(alice()), DropReason.UNKNOWN_RELAY);
    assertThat(elsewhere.leases.leases(ALICE)).hasSize(2);
    new Bench(accepting().relayIds(Set.of(BOB)))
        .dropped(releaseRequest(alice()), DropReason.UNKNOWN_RELAY);
    assertThat(new Bench(accepting().relayIds(Set.of(RELAY))).answer(releaseRequest(alice())))
        .isNotNull();
  }

  @Test
  void believesUnknownClientsWhenTold() {
    Bench credulous = new Bench(accepting().unknownClients(UnknownClients.BELIEVE));
    ClientDataOption stranger =
        new ClientDataOption(OptionList.of(new ClientIdOption(STRANGER), IA_NA));
    assertThat(failures(credulous.bareAnswer(releaseRequest(stranger)))).isEmpty();
  }

  @Test
  @DisplayName("RL-36, RL-51: a relayed request is carried out, and answered through the relay")
  void answersARelayedRequestThroughTheRelay() {
    assertThat(bench.answer(relayed(releaseRequest(alice(IA_NA)))).message())
        .isEqualTo(
            new RelayMessage(
                MessageType.RELAY_REPL,
                0,
                Bench.LINK,
                Bench.ALICE_PEER,
                OptionList.of(new RelayMessageOption(SUCCESS))));
    assertThat(bench.leases.leases(ALICE)).containsExactly(ALICE_PREFIX);
  }
}
