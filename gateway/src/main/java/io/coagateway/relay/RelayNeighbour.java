package io.coagateway.relay;

import io.coagateway.dhcpv6.Ports;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Ipv6Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether the relay on this machine uses an address that the gateway wants to bind to port 547.
 *
 * <p>A relay has a socket on port 547 of all addresses (RFC 8415 section 7.2). Beside it a socket
 * of one address can be bound too, and the kernel then hands it everything for that address: if the
 * relay sends from there, the gateway would take away the answers that its clients wait for. What
 * the relay sends from cannot be asked for; but a wildcard socket sends from the address that the
 * kernel selects for the destination, and that can.
 */
final class RelayNeighbour {
  /** The sockets of this network namespace, one a line. */
  private static final Path SOCKETS = Path.of("/proc/net/udp6");

  private static final String WILDCARD_547 = "0".repeat(32) + ":0223";

  /** Which source address the system takes towards a destination. */
  interface SourceSelection {
    /** The address; empty if there is no route. */
    Optional<InetAddress> towards(InetSocketAddress destination);
  }

  private final List<String> sockets;
  private final SourceSelection selection;

  /**
   * @param sockets the lines of Linux's {@code /proc/net/udp6}
   */
  RelayNeighbour(List<String> sockets, SourceSelection selection) {
    this.sockets = sockets;
    this.selection = selection;
  }

  /** As this machine is now; one without such a list of sockets (not Linux) shows no relay. */
  static RelayNeighbour here() {
    List<String> lines;
    try {
      lines = Files.readAllLines(SOCKETS);
    } catch (IOException e) {
      lines = List.of();
    }
    return new RelayNeighbour(lines, RelayNeighbour::select);
  }

  /** Whether somebody, a relay as a rule, has port 547 of all addresses. */
  boolean isThere() {
    return sockets.stream()
        .map(line -> line.strip().split("\\s+", 3))
        .anyMatch(columns -> columns.length > 1 && columns[1].equals(WILDCARD_547));
  }

  /**
   * What speaks against binding {@code address} for messages to {@code server}, in words for the
   * operator; empty if nothing does.
   */
  Optional<String> objection(InetSocketAddress address, DhcpServer server) {
    if (address.getPort() != Ports.SERVER
        || address.getAddress().isAnyLocalAddress()
        || !isThere()) {
      return Optional.empty();
    }
    return selection
        .towards(server.address())
        .filter(source -> isSame(source, address.getAddress()))
        .map(
            source ->
                "cannot bind UDP "
                    + AddressText.of(address)
                    + " for server "
                    + server.name()
                    + ": the relay on this machine (the socket on [::]:547) sends to that server"
                    + " from the same address, and the server's answers to it would come to the"
                    + " gateway; give the gateway an address of its own (ip addr add"
                    + " ADDRESS/128 dev INTERFACE preferred_lft 0) and name it in the server's"
                    + " bind");
  }

  /** Zones apart: the system names one for every link-local address, a configuration may not. */
  private static boolean isSame(InetAddress one, InetAddress other) {
    return Ipv6Address.of(one).isPresent() && Ipv6Address.of(one).equals(Ipv6Address.of(other));
  }

  private static Optional<InetAddress> select(InetSocketAddress destination) {
    try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET6)) {
      channel.connect(destination); // sends nothing
      return channel.getLocalAddress() instanceof InetSocketAddress local
          ? Optional.of(local.getAddress())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no route now: what the relay would use cannot be seen
    }
  }
}
