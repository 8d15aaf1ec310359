package io.coagateway.config;

import io.coagateway.config.ServerReader.Server;
import io.coagateway.inpath.InPathParameters;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ForwardingParameters.Policy;
import io.coagateway.relay.RelayParameters;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.ZonedSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code dhcpv6.in-path}: the gateway as the relay's next hop. */
final class InPathReader {
  private static final Form<Duration> PATIENCE =
      Forms.duration(Duration.ofMillis(1), Duration.ofSeconds(10));

  private InPathReader() {}

  /**
   * What {@code in-path} says.
   *
   * @param servers names of those that messages are forwarded to; empty: all
   */
  record InPath(
      Section section,
      List<InetSocketAddress> listen,
      List<Ipv6Prefix> relays,
      Policy relaySuppliedOptions,
      List<String> servers,
      Duration patience) {
    /** Whether messages pass here on their way to {@code server}. */
    boolean leadsTo(DhcpServer server) {
      return !listen.isEmpty() && (servers.isEmpty() || servers.contains(server.name()));
    }

    /** With everything that stands elsewhere. */
    InPathParameters parameters(RelayParameters relay, String nas) {
      return new InPathParameters(
          listen,
          relays,
          relaySuppliedOptions,
          relay.servers().stream().filter(this::leadsTo).toList(),
          nas,
          relay.relayId(),
          relay.maxMessageSize(),
          patience,
          relay.forwarding(),
          relay.releaseTypes());
    }
  }

  static InPath read(Section section) {
    return new InPath(
        section,
        section.list("listen", Forms.ipv6Socket(ServerReader.PORT), List.of()),
        section.list("relays", Dhcpv6Reader.PREFIX, List.of()),
        section.value("relay-supplied-options", Form.oneOf(Policy.class), Policy.ACCEPT),
        section.list("servers", Forms.TEXT, List.of()),
        section.value("patience", PATIENCE, InPathParameters.DEFAULT_PATIENCE));
  }

  /** What it needs of the servers and of the other sockets. */
  static void check(
      InPath inPath,
      List<Server> servers,
      List<InetSocketAddress> bind,
      List<InetSocketAddress> otherRelays) {
    if (inPath.listen().isEmpty()) {
      return;
    }
    for (String name : inPath.servers()) {
      if (servers.stream().noneMatch(s -> s.server().name().equals(name))) {
        inPath
            .section()
            .problemAt(
                "servers",
                "names \"" + name + "\", which is none of dhcpv6.servers. Give names from there.");
      }
    }
    Set<ZonedSocket> taken = new HashSet<>();
    bind.forEach(address -> taken.add(ZonedSocket.of(address)));
    otherRelays.forEach(address -> taken.add(ZonedSocket.of(address)));
    List<InetSocketAddress> twice = new ArrayList<>();
    for (Server one : servers) {
      DhcpServer server = one.server();
      server.bind().map(ZonedSocket::of).ifPresent(taken::add);
      Optional<InetSocketAddress> to =
          Optional.of(server.address()).filter(address -> !address.isUnresolved());
      if (inPath.leadsTo(server) && to.isPresent() && server.isMulticast()) {
        one.section()
            .problem(
                "address",
                "is multicast, and in the path answers are taken from known addresses alone. Give"
                    + " the server's own address, or name the other servers under in-path.servers.");
      }
    }
    for (InetSocketAddress address : inPath.listen()) {
      if (taken.contains(ZonedSocket.of(address))) {
        twice.add(address);
      }
    }
    if (!twice.isEmpty()) {
      inPath
          .section()
          .problemAt(
              "listen",
              "is also a bind, or a listen of forward-from-other-relays: one socket would take the"
                  + " other's answers away. Give the gateway another address or port for one.");
    }
  }
}
