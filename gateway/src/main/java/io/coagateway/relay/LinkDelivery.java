package io.coagateway.relay;

import io.coagateway.time.Timers;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Delivers to clients on the links of this host. A link-local address means nothing without its
 * interface, whose index becomes the destination's scope; the kernel then sends from that
 * interface's own link-local address, as RFC 8415 section 19.2 expects.
 */
final class LinkDelivery implements ClientDelivery {
  /** Interfaces come and go with subscribers, and listing them is slow. */
  private static final long MEMORY_NANOS = 10_000_000_000L;

  private static final int MEMORY_LIMIT = 4096;

  private record Known(Optional<NetworkInterface> found, long untilNanos) {}

  private final DatagramPort port;
  private final Timers timers;
  private final Map<String, Known> interfaces = new HashMap<>();

  LinkDelivery(DatagramPort port, Timers timers) {
    this.port = port;
    this.timers = timers;
  }

  @Override
  public Delivery deliver(
      Octets message, Ipv6Address peer, int toPort, Optional<String> interfaceName) {
    if (!peer.isLinkLocal()) {
      send(message, peer.toInetAddress(), toPort);
      return Delivery.SENT;
    }
    Optional<NetworkInterface> link = interfaceName.flatMap(this::find);
    if (link.isEmpty()) {
      return Delivery.NO_INTERFACE;
    }
    send(message, scoped(peer, link.get()), toPort);
    return Delivery.SENT;
  }

  private void send(Octets message, InetAddress to, int toPort) {
    port.send(message, new InetSocketAddress(to, toPort));
    port.flush();
  }

  private Optional<NetworkInterface> find(String name) {
    long now = timers.nanos();
    Known known = interfaces.get(name);
    if (known == null || now - known.untilNanos() >= 0) {
      if (interfaces.size() >= MEMORY_LIMIT) {
        interfaces.clear();
      }
      known = new Known(lookUp(name), now + MEMORY_NANOS);
      interfaces.put(name, known);
    }
    return known.found();
  }

  private static Optional<NetworkInterface> lookUp(String name) {
    try {
      return name.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(NetworkInterface.getByName(name));
    } catch (SocketException e) {
      return Optional.empty(); // the system cannot list its interfaces: then none is known
    }
  }

  private static InetAddress scoped(Ipv6Address peer, NetworkInterface link) {
    try {
      return Inet6Address.getByAddress(null, peer.toOctets().toArray(), link.getIndex());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen octets are an address", e);
    }
  }
}
