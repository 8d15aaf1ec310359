package io.coagateway.config;

import io.coagateway.accounting.AccountingParameters;
import io.coagateway.config.ServerReader.Server;
import io.coagateway.dhcpv6.Ports;
import io.coagateway.leasequery.BulkClient;
import io.coagateway.leasequery.MissParameters;
import io.coagateway.leasequery.MissParameters.Unverified;
import io.coagateway.leasequery.RecoveryParameters;
import io.coagateway.radius.AttributeId;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.RelayParameters;
import io.coagateway.wire.Ipv6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Reads {@code dhcpv6.leasequery}: whom to ask for leases when the table was lost, or lacks a
 * client.
 */
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

  /** Where servers answer to: port 546, whatever port asked (RFC 8415 section 7.2). */
  private static final int CLIENT_PORT = Ports.CLIENT;

  private static final int DEFAULT_OUTSTANDING = 64;

  /** When the servers are asked about a single client. */
  enum OnMiss {
    NONE,
    REQUESTS,
    ACCOUNTING,
    BOTH
  }

  private LeasequeryReader() {}

  /**
   * What {@code leasequery} says.
   *
   * @param servers names; empty: all unicast ones
   * @param port TCP
   * @param onMiss when the servers are asked about a single client, over UDP
   * @param bind where that leaves and answers arrive
   */
  record Leasequery(
      Section section,
      boolean atStart,
      List<String> servers,
      int port,
      List<Ipv6Address> links,
      Duration silence,
      OnMiss onMiss,
      InetSocketAddress bind,
      Unverified unverified,
      Duration missMemory,
      int outstanding) {
    /**
     * With everything that stands elsewhere.
     *
     * @param duidAttributes which attributes hold a DUID
     */
    LeasequerySettings settings(
        RelayParameters relay, String nas, List<AttributeId> duidAttributes) {
      List<DhcpServer> asked = relay.servers().stream().filter(this::isAsked).toList();
      return new LeasequerySettings(
          atStart,
          new RecoveryParameters(
              asked.stream().map(this::server).toList(),
              relay.relayId(),
              nas,
              links,
              List.of(),
              silence),
          new MissParameters(
              onMiss == OnMiss.REQUESTS || onMiss == OnMiss.BOTH,
              asksForAccounting(),
              bind,
              asked,
              relay.relayId(),
              nas,
              links,
              duidAttributes,
              unverified,
              missMemory,
              outstanding));
    }

    private boolean asksForAccounting() {
      return onMiss == OnMiss.ACCOUNTING || onMiss == OnMiss.BOTH;
    }

    private boolean isAsked(DhcpServer server) {
      return servers.isEmpty() ? !server.isMulticast() : servers.contains(server.name());
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
            BulkClient.DATA_TIMEOUT),
        section.value("on-miss", Form.oneOf(OnMiss.class), OnMiss.NONE),
        section
            .optional("bind", Forms.ipv6Socket(CLIENT_PORT))
            .orElseGet(() -> new InetSocketAddress("::", CLIENT_PORT)),
        section.value("unverified", Form.oneOf(Unverified.class), Unverified.REJECT),
        section.value(
            "miss-memory",
            Forms.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            Duration.ofSeconds(30)),
        section.value("miss-limit", Forms.integer(1, 10_000), DEFAULT_OUTSTANDING));
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
    if (leasequery.onMiss() != OnMiss.NONE && !servers.isEmpty()) {
      List<DhcpServer> asked =
          servers.stream()
              .map(Server::server)
              .filter(server -> server.address().getAddress() != null) // else said elsewhere
              .filter(leasequery::isAsked)
              .toList();
      if (asked.isEmpty() || asked.stream().anyMatch(DhcpServer::isMulticast)) {
        leasequery
            .section()
            .problemAt(
                "on-miss",
                "asks servers by their own address, and none or not each of them has one that is"
                    + " unicast. Name those that have in leasequery.servers, or write on-miss: none.");
      }
      if (leasequery.bind().getPort() == ServerReader.PORT) {
        leasequery
            .section()
            .problemAt(
                "bind",
                "has port 547, where relays listen, which must discard answers to a leasequery (RFC"
                    + " 5007 section 4.2.2). Give port 546, to which servers answer, like"
                    + " \"[2001:db8::2]:546\".");
      }
    }
  }

  /** Asking for what accounting tells of takes accounting. */
  static void check(Leasequery leasequery, AccountingParameters accounting) {
    if (leasequery.asksForAccounting() && !accounting.isOn()) {
      leasequery
          .section()
          .problemAt(
              "on-miss",
              "asks for the clients of sessions that accounting tells of, but radius.accounting does"
                  + " not listen. Set radius.accounting.listen, or write on-miss: requests.");
    }
  }
}
