package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.Ports;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.RelayPortOption;
import io.coagateway.wire.Ipv6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes what messages say, from the settings, one task and the lane it goes by. */
final class MessageContents {
  private static final RelayPortOption OWN_PORT = new RelayPortOption(0);

  private final RelayParameters parameters;

  MessageContents(RelayParameters parameters) {
    this.parameters = parameters;
  }

  MessageContent reconfigureRequest(ServerLane lane, ReconfigureTask task) {
    return new ReconfigureRequest(
        parameters, lane.server(), task, wrapperOfOurOwn(lane, task.linkAddress()));
  }

  Optional<MessageContent> releaseRequest(ServerLane lane, Duid serverDuid) {
    return parameters
        .releaseTypes()
        .map(
            types ->
                new ReleaseRequest(
                    parameters,
                    types,
                    serverDuid,
                    lane.server().includes(Include.INTERFACE_ID),
                    wrapperOfOurOwn(lane, Ipv6Address.UNSPECIFIED)));
  }

  /** Everything as the real relay would send it, so that the server finds the client's link. */
  MessageContent relayedRelease(ServerLane lane, Duid serverDuid, ReleaseTask task) {
    List<Option> options = new ArrayList<>(5);
    task.interfaceId().ifPresent(id -> options.add(new InterfaceIdOption(id)));
    task.remoteId().ifPresent(options::add);
    task.subscriberId().ifPresent(options::add);
    if (lane.server().includes(Include.RELAY_ID)) {
      options.add(new RelayIdOption(parameters.relayId()));
    }
    addRelayPort(lane, options);
    RelayWrapper wrapper =
        new RelayWrapper(
            task.linkAddress(),
            task.peerAddress().orElse(Ipv6Address.UNSPECIFIED),
            OptionList.of(options));
    return new RelayedRelease(parameters, serverDuid, wrapper);
  }

  /** RELAY-FORW around a message of our own, when the server's settings ask for it. */
  private Optional<RelayWrapper> wrapperOfOurOwn(ServerLane lane, Ipv6Address linkAddress) {
    if (!lane.server().relayed()) {
      return Optional.empty();
    }
    List<Option> options = new ArrayList<>(1);
    addRelayPort(lane, options);
    InetSocketAddress local = lane.port().local();
    Ipv6Address peer = Ipv6Address.of(local.getAddress()).orElse(Ipv6Address.UNSPECIFIED);
    return Optional.of(new RelayWrapper(linkAddress, peer, OptionList.of(options)));
  }

  /** RFC 8357 section 5.2: MUST, from any port but 547. */
  private static void addRelayPort(ServerLane lane, List<Option> options) {
    if (lane.port().local().getPort() != Ports.SERVER) {
      options.add(OWN_PORT);
    }
  }
}
