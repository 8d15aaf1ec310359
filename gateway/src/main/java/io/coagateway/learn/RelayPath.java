package io.coagateway.learn;

import io.coagateway.dhcpv6.ClientLinkLayerAddressOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.RelayChain;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * The relays that a message has passed, and the client's message inside.
 *
 * @param relays at least one
 * @param message what the client sent or shall get
 */
record RelayPath(RelayChain relays, ClientServerMessage message) {

  /** The path of {@code outermost}; empty when it carries no client's message. */
  static Optional<RelayPath> of(RelayMessage outermost) {
    RelayChain relays = RelayChain.of(outermost);
    return relays.innermost().map(message -> new RelayPath(relays, (ClientServerMessage) message));
  }

  Ipv6Address linkAddress() {
    return relays.linkAddress().orElse(Ipv6Address.UNSPECIFIED);
  }

  Ipv6Address peerAddress() {
    return relays.relays().get(0).peerAddress();
  }

  /** Where the client is; its octets hold on to no packet's memory. */
  RelayedClient client(Duid duid) {
    return new RelayedClient(
        duid.compact(),
        linkAddress(),
        peerAddress(),
        relays.first(InterfaceIdOption.class).map(InterfaceIdOption::id).map(Octets::compact),
        relays
            .first(RemoteIdOption.class)
            .map(remote -> new RemoteIdOption(remote.enterprise(), remote.id().compact())),
        relays.first(SubscriberIdOption.class).map(SubscriberIdOption::id).map(Octets::compact),
        relays
            .first(ClientLinkLayerAddressOption.class)
            .map(
                link ->
                    new ClientLinkLayerAddressOption(
                        link.hardwareType(), link.address().compact())));
  }
}
