package io.coagateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.LinkAddressOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.LeaseTable.Reconfigure;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.Policy;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** A simulated server with two clients, and the messages to try it with. */
final class Bench {
  static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  static final Duid RELAY = Duid.ofHex("0003000102005e0000bb");
  static final Duid ALICE = Duid.ofHex("0003000102005e005301");
  static final Duid BOB = Duid.ofHex("0003000102005e005302");
  static final Duid STRANGER = Duid.ofHex("0003000102005e0053ff");
  static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:1::1");
  static final Ipv6Address ALICE_PEER = Ipv6Address.parse("fe80::5eff:fe00:5301");
  static final InetSocketAddress SOURCE = new InetSocketAddress("2001:db8::99", 40000);
  static final MessageType RELEASE_REQUEST = MessageType.of(250);
  static final MessageType RELEASE_REPLY = MessageType.of(251);
  static final Lease ALICE_ADDRESS =
      new Lease(IaType.IA_NA, OptionalLong.of(1), Ipv6Prefix.parse("2001:db8:1::100/128"));
  static final Lease ALICE_PREFIX =
      new Lease(IaType.IA_PD, OptionalLong.of(2), Ipv6Prefix.parse("2001:db8:100::/56"));

  final ManualTime time = new ManualTime();
  final LeaseTable leases = new LeaseTable();
  final SimulatedServer server;

  Bench(SimulatorParameters.Builder parameters) {
    leases.put(
        ALICE,
        Optional.of(LINK),
        Optional.of(ALICE_PEER),
        Optional.of(Octets.ofUtf8("ge-0/0/1.100")),
        Reconfigure.ACCEPTED,
        List.of(ALICE_ADDRESS, ALICE_PREFIX));
    leases.put(
        BOB, Optional.of(LINK), Optional.empty(), Optional.empty(), Reconfigure.REFUSED, List.of());
    server = new SimulatedServer(parameters.build(), leases, time, new Random(6977));
  }

  /** Accepts both kinds of request. */
  static SimulatorParameters.Builder accepting() {
    return SimulatorParameters.builder(SERVER)
        .reconfigureRequests(Policy.ACCEPT)
        .releaseTypes(RELEASE_REQUEST, RELEASE_REPLY);
  }

  static ClientServerMessage reconfigureRequest(Duid... clients) {
    OptionList options = OptionList.EMPTY;
    for (Duid client : clients) {
      options = options.plus(new ClientIdOption(client));
    }
    return new ClientServerMessage(
        MessageType.RECONFIGURE_REQUEST, 0x010203, options.plus(new LinkAddressOption(LINK)));
  }

  static ClientServerMessage releaseRequest(Option... clientData) {
    return new ClientServerMessage(
        RELEASE_REQUEST,
        0x0a0b0c,
        OptionList.of(new ServerIdOption(SERVER), new RelayIdOption(RELAY))
            .plus(OptionList.of(clientData)));
  }

  static RelayMessage relayed(Message inner, Option... options) {
    return new RelayMessage(
        MessageType.RELAY_FORW,
        0,
        LINK,
        ALICE_PEER,
        OptionList.of(options).plus(new RelayMessageOption(inner)));
  }

  Reception receive(Message message) {
    return server.receive(message.encode(), SOURCE, time.nanos());
  }

  /** The one answer to a message. */
  Reply answer(Message message) {
    Reception reception = receive(message);
    assertThat(reception.drop()).isEmpty();
    assertThat(reception.replies()).hasSize(1);
    return reception.replies().get(0);
  }

  ClientServerMessage bareAnswer(Message message) {
    return (ClientServerMessage) answer(message).message();
  }

  /** Checks that there is no answer, for this reason. */
  void dropped(Message message, DropReason reason) {
    Reception reception = receive(message);
    assertThat(reception.replies()).isEmpty();
    assertThat(reception.drop().map(Reception.Drop::reason)).contains(reason);
  }

  static StatusCode status(Message message) {
    return message.options().first(StatusCodeOption.class).orElseThrow().status();
  }
}
