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
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Delivers to clients on the links of this host. A link-local address means nothing without its
 * interface, whose index becomes the destination's scope; the kernel then sends from that
 * interface's own link-local address, as RFC 8415 section 19.2 expects. That section has the link
 * be named by the Interface-Id, and without one by the link-address, which is an address of ours on
 * it.
 */
final class LinkDelivery implements ClientDelivery {
  /** Interfaces come and go with subscribers, and listing them is slow. */
  private static final long MEMORY_NANOS = 10_000_000_000L;

  private static final int MEMORY_LIMIT = 4096;

  /** The interfaces of this host, by their indexes. */
  interface Interfaces {
    /** The one of this name; empty when there is none. */
    OptionalInt named(String name) throws SocketException;

    /**
     * The one with this address, on which somebody else can be; empty when there is none, or when
     * several have it, as may be with a link-local address: then it names no link.
     */
    OptionalInt withAddress(Ipv6Address address) throws SocketException;
  }

  /** What names a link: an interface, or where that is empty an address of ours. */
  private record Link(Optional<String> interfaceName, Ipv6Address address) {}

  private record Known(OptionalInt index, long untilNanos) {}

  private final DatagramPort port;
  private final Timers timers;
  private final Interfaces system;
  private final Map<Link, Known> interfaces = new HashMap<>();

  LinkDelivery(DatagramPort port, Timers timers, Interfaces system) {
    this.port = port;
    this.timers = timers;
    this.system = system;
  }

  /** The interfaces that there are. */
  static Interfaces here() {
    return new Interfaces() {
      @Override
      public OptionalInt named(String name) throws SocketException {
        return name.isEmpty() ? OptionalInt.empty() : indexOf(NetworkInterface.getByName(name));
      }

      /** Not loopback: an address there is one for many links, none of which it names. */
      @Override
      public OptionalInt withAddress(Ipv6Address address) throws SocketException {
        if (address.isLinkLocal()) {
          return onlyOne(
              NetworkInterface.networkInterfaces()
                  .filter(one -> one.inetAddresses().anyMatch(isThe(address)))
                  .mapToInt(NetworkInterface::getIndex)
                  .toArray());
        }
        NetworkInterface found = NetworkInterface.getByInetAddress(address.toInetAddress());
        return found == null || found.isLoopback() ? OptionalInt.empty() : indexOf(found);
      }

      private static Predicate<InetAddress> isThe(Ipv6Address address) {
        return has -> Ipv6Address.of(has).equals(Optional.of(address));
      }

      private static OptionalInt indexOf(NetworkInterface found) {
        return found == null ? OptionalInt.empty() : OptionalInt.of(found.getIndex());
      }
    };
  }

  /** What several have would lead to some other client than the one that is meant. */
  static OptionalInt onlyOne(int... indexes) {
    return indexes.length == 1 ? OptionalInt.of(indexes[0]) : OptionalInt.empty();
  }

  @Override
  public Delivery deliver(
      Octets message,
      Ipv6Address peer,
      int toPort,
      Optional<String> interfaceName,
      Ipv6Address linkAddress) {
    if (!peer.isLinkLocal()) {
      send(message, peer.toInetAddress(), toPort);
      return Delivery.SENT;
    }
    Link link =
        new Link(interfaceName, interfaceName.isEmpty() ? linkAddress : Ipv6Address.UNSPECIFIED);
    OptionalInt index = find(link);
    if (index.isEmpty()) {
      return Delivery.NO_INTERFACE;
    }
    send(message, scoped(peer, index.getAsInt()), toPort);
    return Delivery.SENT;
  }

  private void send(Octets message, InetAddress to, int toPort) {
    port.send(message, new InetSocketAddress(to, toPort));
    port.flush();
  }

  private OptionalInt find(Link link) {
    long now = timers.nanos();
    Known known = interfaces.get(link);
    if (known == null || now - known.untilNanos() >= 0) {
      if (interfaces.size() >= MEMORY_LIMIT) {
        interfaces.clear();
      }
      known = new Known(lookUp(link), now + MEMORY_NANOS);
      interfaces.put(link, known);
    }
    return known.index();
  }

  private OptionalInt lookUp(Link link) {
    try {
      if (link.interfaceName().isPresent()) {
        return system.named(link.interfaceName().get());
      }
      return link.address().isUnspecified()
          ? OptionalInt.empty()
          : system.withAddress(link.address());
    } catch (SocketException e) {
      return OptionalInt.empty(); // the system cannot list its interfaces: then none is known
    }
  }

  private static InetAddress scoped(Ipv6Address peer, int index) {
    try {
      return Inet6Address.getByAddress(null, peer.toOctets().toArray(), index);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen octets are an address", e);
    }
  }
}
