package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Octets;
import io.coagateway.wire.ZonedSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All settings of the relay-agent role.
 *
 * @param bind source addresses and ports of what we originate; a server's own bind overrides it
 * @param relayId the DUID for Relay-Id (53), the same that the real relay inserts
 * @param interfaces Interface-Id to the name of the local interface where a RECONFIGURE that is
 *     handed to us has to be delivered
 * @param servers in configured order; names and addresses are unique
 * @param maxMessageSize the largest IPv6 packet, headers included; 1280 by default (RQ-12)
 * @param releaseTypes the numbers of the release request; empty: it is never sent
 * @param reconfigureRetransmission of RECONFIGURE-REQUEST
 * @param releaseRetransmission of RELEASE-REQUEST and RELEASE
 * @param reconfigureMessageType what Reconfigure Message says where a server's include names it:
 *     RENEW, REBIND or INFORMATION_REQUEST
 * @param forwarding the role of an intermediate relay
 * @param deadServerMemory how long a server that did not answer is remembered as dead
 */
public record RelayParameters(
    List<InetSocketAddress> bind,
    Duid relayId,
    Map<Octets, String> interfaces,
    List<DhcpServer> servers,
    int maxMessageSize,
    Optional<ReleaseMessageTypes> releaseTypes,
    RetransmissionParameters reconfigureRetransmission,
    RetransmissionParameters releaseRetransmission,
    MessageType reconfigureMessageType,
    ForwardingParameters forwarding,
    Duration deadServerMemory) {
  /** The default of {@link #maxMessageSize}. */
  public static final int DEFAULT_MAX_MESSAGE_SIZE = 1280;

  /** The default of {@link #deadServerMemory}. */
  public static final Duration DEFAULT_DEAD_SERVER_MEMORY = Duration.ofSeconds(60);

  /** What IPv6 and UDP headers take from {@link #maxMessageSize}. */
  static final int IPV6_AND_UDP_HEADERS = 48;

  private static final Set<MessageType> RECONFIGURE_MESSAGE_TYPES =
      Set.of(MessageType.RENEW, MessageType.REBIND, MessageType.INFORMATION_REQUEST);

  /** Copies the collections and refuses settings that contradict each other. */
  public RelayParameters {
    bind = List.copyOf(bind);
    interfaces = Map.copyOf(interfaces);
    servers = List.copyOf(servers);
    Set<String> names = new HashSet<>();
    Set<ZonedSocket> addresses = new HashSet<>();
    for (DhcpServer server : servers) {
      if (!names.add(server.name())) {
        throw new IllegalArgumentException("two servers are named \"" + server.name() + "\"");
      }
      if (!addresses.add(ZonedSocket.of(server.address()))) {
        throw new IllegalArgumentException(
            "two servers have the address "
                + AddressText.of(server.address())
                + "; answers could not be told apart");
      }
      if (server.release() == ReleaseMode.RELEASE_REQUEST && releaseTypes.isEmpty()) {
        throw new IllegalArgumentException(
            "server \""
                + server.name()
                + "\" releases by release-request, but its message types are not configured");
      }
    }
    if (maxMessageSize < 256 || maxMessageSize > 65535) {
      throw new IllegalArgumentException(
          "maximum message size " + maxMessageSize + " is not 256 to 65535");
    }
    if (!RECONFIGURE_MESSAGE_TYPES.contains(reconfigureMessageType)) {
      throw new IllegalArgumentException(
          "reconfigure message type " + reconfigureMessageType + " is not one of RFC 8415 21.19");
    }
  }

  /** Defaults for everything but relay DUID and servers: any address, an ephemeral port. */
  public static RelayParameters of(Duid relayId, List<DhcpServer> servers) {
    return new RelayParameters(
        List.of(new InetSocketAddress("::", 0)),
        relayId,
        Map.of(),
        servers,
        DEFAULT_MAX_MESSAGE_SIZE,
        Optional.empty(),
        RetransmissionParameters.RECONFIGURE_REQUEST,
        RetransmissionParameters.RELEASE,
        MessageType.RENEW,
        ForwardingParameters.OFF,
        DEFAULT_DEAD_SERVER_MEMORY);
  }

  /** The same with another relay DUID. */
  public RelayParameters withRelayId(Duid other) {
    return new RelayParameters(
        bind,
        other,
        interfaces,
        servers,
        maxMessageSize,
        releaseTypes,
        reconfigureRetransmission,
        releaseRetransmission,
        reconfigureMessageType,
        forwarding,
        deadServerMemory);
  }

  /** The largest DHCPv6 message in octets. */
  int maxDhcpOctets() {
    return maxMessageSize - IPV6_AND_UDP_HEADERS;
  }
}
