package io.coagateway.inpath;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ForwardingParameters;
import io.coagateway.relay.ForwardingParameters.Policy;
import io.coagateway.relay.ReleaseMessageTypes;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the gateway stands in the path.
 *
 * @param listen where relays send to, and where messages to the servers leave from; empty: off
 * @param relays source addresses of the relays that are served; empty: any
 * @param relaySuppliedOptions what becomes of a RELAY-FORW that already holds an RSOO (RFC 6422
 *     section 5 asks for this knob); REJECT: it is discarded
 * @param servers to each of which everything is forwarded (RFC 8415 section 19.1); unicast
 * @param nas whose records are looked up; empty: those of any NAS
 * @param relayId for the Relay-Id option, where a server's {@code include} names it
 * @param maxMessageSize octets of the largest IPv6 packet that the options may make; without them a
 *     message is forwarded whatever its size
 * @param patience how long a message waits for the table at most
 * @param others what becomes of the requests of RFC 6977 and of the release draft
 * @param releaseTypes their numbers; empty: there is no release request
 */
public record InPathParameters(
    List<InetSocketAddress> listen,
    List<Ipv6Prefix> relays,
    Policy relaySuppliedOptions,
    List<DhcpServer> servers,
    String nas,
    Duid relayId,
    int maxMessageSize,
    Duration patience,
    ForwardingParameters others,
    Optional<ReleaseMessageTypes> releaseTypes) {
  /** The default of {@link #patience}: a tenth of what a client waits before it repeats. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMillis(100);

  /** Copies the lists; refuses a multicast server, and no patience. */
  public InPathParameters {
    listen = List.copyOf(listen);
    relays = List.copyOf(relays);
    servers = List.copyOf(servers);
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience " + patience + " is not more than zero");
    }
    for (DhcpServer server : servers) {
      if (server.isMulticast()) {
        throw new IllegalArgumentException(
            "server \"" + server.name() + "\" is multicast; its answers could come from anybody");
      }
    }
  }

  /** The same for the records of {@code name}, beside the relay with {@code duid}. */
  public InPathParameters forNas(String name, Duid duid) {
    return new InPathParameters(
        listen,
        relays,
        relaySuppliedOptions,
        servers,
        name,
        duid,
        maxMessageSize,
        patience,
        others,
        releaseTypes);
  }

  /** Whether the gateway stands in the path at all. */
  public boolean isOn() {
    return !listen.isEmpty();
  }

  boolean serves(InetSocketAddress relay) {
    return relays.isEmpty() || contains(relays, relay);
  }

  /** RQ-60, RL-50: releases from trusted relays alone. */
  boolean refuses(MessageType type, InetSocketAddress relay) {
    boolean trusted = contains(others.trusted(), relay);
    if (type.equals(MessageType.RECONFIGURE_REQUEST)) {
      return others.reconfigureRequest() == Policy.REJECT
          || (!others.trusted().isEmpty() && !trusted);
    }
    boolean release = releaseTypes.map(types -> types.request().equals(type)).orElse(false);
    return release && (others.releaseRequest() == Policy.REJECT || !trusted);
  }

  /** The same of a message that cannot be read: it may be what is refused. */
  boolean refuses(UnreadMessage message, InetSocketAddress relay) {
    return Stream.concat(
            Stream.of(MessageType.RECONFIGURE_REQUEST),
            releaseTypes.map(ReleaseMessageTypes::request).stream())
        .anyMatch(type -> message.mayBe(type) && refuses(type, relay));
  }

  private static boolean contains(List<Ipv6Prefix> prefixes, InetSocketAddress source) {
    Optional<Ipv6Address> address = Ipv6Address.of(source.getAddress());
    for (Ipv6Prefix prefix : prefixes) {
      if (address.isPresent() && prefix.contains(address.get())) {
        return true;
      }
    }
    return false;
  }
}
