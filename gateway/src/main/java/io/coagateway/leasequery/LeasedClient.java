package io.coagateway.leasequery;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.LqRelayDataOption;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayChain;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one CLIENT_DATA says (RFC 5007 section 4.1.2.2): one client on one link. Servers send one
 * for each lease or one for all of them.
 *
 * @param duid the client's DUID
 * @param server the server that leases
 * @param link the link-address of its relay; empty when the server told nothing of a relay
 * @param peer the client's address as its relay has it
 * @param interfaceId body of the relay's Interface-Id
 * @param remoteId the relay's Remote-Id
 * @param subscriberId body of the relay's Subscriber-Id
 * @param addresses leased addresses, as /128
 * @param prefixes delegated prefixes
 */
public record LeasedClient(
    Duid duid,
    Duid server,
    Optional<Ipv6Address> link,
    Optional<Ipv6Address> peer,
    Optional<Octets> interfaceId,
    Optional<RemoteIdOption> remoteId,
    Optional<Octets> subscriberId,
    List<Ipv6Prefix> addresses,
    List<Ipv6Prefix> prefixes) {
  /** Copies the lists. */
  public LeasedClient {
    addresses = List.copyOf(addresses);
    prefixes = List.copyOf(prefixes);
  }

  /** The same, seen on a link that was asked for, where the server told nothing of a relay. */
  LeasedClient orOn(Ipv6Address askedLink) {
    return link.isPresent() || askedLink.isUnspecified()
        ? this
        : new LeasedClient(
            duid,
            server,
            Optional.of(askedLink),
            peer,
            interfaceId,
            remoteId,
            subscriberId,
            addresses,
            prefixes);
  }

  /**
   * Reads one; empty when it names no client or no lease, or lacks CLT_TIME (RFC 5007 section
   * 4.3.3: such data is to be ignored).
   *
   * @param message the options of the message around it: RFC 5460 leaves open where LQ_RELAY_DATA
   *     stands
   */
  static Optional<LeasedClient> of(Duid server, ClientDataOption data, OptionList message) {
    OptionList options = data.options();
    Optional<Duid> duid = options.first(ClientIdOption.class).map(ClientIdOption::duid);
    List<Ipv6Prefix> addresses = new ArrayList<>();
    List<Ipv6Prefix> prefixes = new ArrayList<>();
    for (IaAddressOption one : options.all(IaAddressOption.class)) {
      addresses.add(new Ipv6Prefix(one.address(), 128));
    }
    for (IaPrefixOption one : options.all(IaPrefixOption.class)) {
      prefixes.add(one.prefix());
    }
    boolean leases = addresses.size() + prefixes.size() > 0;
    if (duid.isEmpty() || !leases || !options.has(OptionCode.CLT_TIME)) {
      return Optional.empty();
    }
    RelayChain relays =
        options
            .first(LqRelayDataOption.class)
            .or(() -> message.first(LqRelayDataOption.class))
            .map(told -> RelayChain.of(told.message()))
            .orElse(RelayChain.NONE);
    return Optional.of(
        new LeasedClient(
            duid.get().compact(),
            server,
            relays.linkAddress(),
            relays.relays().stream()
                .map(RelayMessage::peerAddress)
                .filter(address -> !address.isUnspecified())
                .findFirst(),
            relays.first(InterfaceIdOption.class).map(InterfaceIdOption::id).map(Octets::compact),
            relays.first(RemoteIdOption.class).or(() -> options.first(RemoteIdOption.class)),
            relays
                .first(SubscriberIdOption.class)
                .or(() -> options.first(SubscriberIdOption.class))
                .map(SubscriberIdOption::id)
                .map(Octets::compact),
            addresses,
            prefixes));
  }
}
