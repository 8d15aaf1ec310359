package io.coagateway.config;

import io.coagateway.config.ServerReader.Server;
import io.coagateway.leasequery.BulkClient;
import io.coagateway.leasequery.RecoveryParameters;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.RelayParameters;
import io.coagateway.wire.Ipv6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Reads {@code dhcpv6.leasequery}: whom to ask for leases when the table was lost. */
final class LeasequeryReader {
  private static final Form<Ipv6Address> LINK =
      Form.of(
          text -> {
            try {
              Ipv6Address address = Ipv6Address.parse(text);
              if (!address.isUnspecified()) {
                return address;
              }
            } catch (IllegalArgumentException e) {
              // said below
            }
            throw new BadValue(
                "is no link-address. Give the relay's address on that link, like 2001:db8:0:7::1.");
          });

  private LeasequeryReader() {}

  /**
   * What {@code leasequery} says.
   *
   * @param servers names; empty: all unicast ones
   * @param port TCP
   */
  record Leasequery(
      Section section,
      boolean atStart,
      List<String> servers,
      int port,
      List<Ipv6Address> links,
      Duration silence) {
    /** With everything that stands elsewhere. */
    LeasequerySettings settings(RelayParameters relay, String nas) {
      return new LeasequerySettings(
          atStart,
          new RecoveryParameters(
              relay.servers().stream()
                  .filter(s -> servers.isEmpty() ? !s.isMulticast() : servers.contains(s.name()))
                  .map(this::server)
                  .toList(),
              relay.relayId(),
              nas,
              links,
              List.of(),
              silence));
    }

    private RecoveryParameters.Server server(DhcpServer server) {
      return new RecoveryParameters.Server(
          server.name(), new InetSocketAddress(server.address().getAddress(), port));
    }
  }

  static Leasequery read(Section section) {
    return new Leasequery(
        section,
        section.value("at-start", Forms.SWITCH, false),
        section.list("servers", Forms.TEXT, List.of()),
        section.value("port", Forms.integer(1, 65535), ServerReader.PORT),
        section.list("links", LINK, List.of()),
        section.value(
            "silence",
            Forms.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            BulkClient.DATA_TIMEOUT));
  }

  static void check(Leasequery leasequery, List<Server> servers) {
    for (String name : leasequery.servers()) {
      if (servers.stream().noneMatch(s -> s.server().name().equals(name))) {
        leasequery
            .section()
            .problemAt(
                "servers",
                "names \"" + name + "\", which is none of dhcpv6.servers. Give names from there.");
      }
    }
  }
}
