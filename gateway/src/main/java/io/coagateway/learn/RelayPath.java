package io.coagateway.learn;

import io.coagateway.dhcpv6.ClientLinkLayerAddressOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The relays that a message has passed, and the client's message inside. What the relay next to the
 * client says counts most, as it does for the server (RFC 8415 section 13.1, RFC 6422 section 6);
 * the link is told by the innermost link-address that is not {@code ::}, since a lightweight relay
 * has none (RFC 6221 section 5.1).
 *
 * @param relays from the client's side outward, at least one
 * @param message what the client sent or shall get
 */
record RelayPath(List<RelayMessage> relays, ClientServerMessage message) {

  /** The path of {@code outermost}; empty when it carries no client's message. */
  static Optional<RelayPath> of(RelayMessage outermost) {
    List<RelayMessage> relays = new ArrayList<>(2);
    Message at = outermost;
    while (at instanceof RelayMessage relay) {
      relays.add(0, relay);
      Optional<Message> inner = relay.relayed();
      if (inner.isEmpty()) {
        return Optional.empty();
      }
      at = inner.get();
    }
    return Optional.of(new RelayPath(List.copyOf(relays), (ClientServerMessage) at));
  }

  Ipv6Address linkAddress() {
    for (RelayMessage relay : relays) {
      if (!relay.linkAddress().isUnspecified()) {
        return relay.linkAddress();
      }
    }
    return Ipv6Address.UNSPECIFIED;
  }

  Ipv6Address peerAddress() {
    return relays.get(0).peerAddress();
  }

  /** Where the client is; its octets hold on to no packet's memory. */
  RelayedClient client(Duid duid) {
    return new RelayedClient(
        duid.compact(),
        linkAddress(),
        peerAddress(),
        first(InterfaceIdOption.class).map(InterfaceIdOption::id).map(Octets::compact),
        first(RemoteIdOption.class)
            .map(remote -> new RemoteIdOption(remote.enterprise(), remote.id().compact())),
        first(SubscriberIdOption.class).map(SubscriberIdOption::id).map(Octets::compact),
        first(ClientLinkLayerAddressOption.class)
            .map(
                link ->
                    new ClientLinkLayerAddressOption(
                        link.hardwareType(), link.address().compact())));
  }

  private <T extends Option> Optional<T> first(Class<T> type) {
    for (RelayMessage relay : relays) {
      Optional<T> option = relay.options().first(type);
      if (option.isPresent()) {
        return option;
      }
    }
    return Optional.empty();
  }
}
