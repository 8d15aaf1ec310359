package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.Dibbler;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.IscDhcpd;
import io.coagateway.lab.Isp;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A CoA for a session that the table does not know, and servers that do: LEASEQUERY over UDP (RFC
 * 5007), answered to port 546.
 */
@Needs(
    value = {"dhcrelay", "dhclient", "radclient", "tshark", "tcpdump", "ip", "ethtool"},
    root = true)
class SingleMissIT {
  private static final int LEASEQUERY = 14;
  private static final int LEASEQUERY_REPLY = 15;
  private static final String AFTR = "DS-Lite-Tunnel-Name = \"aftr2.example.net\"";
  private static final String DUID_ATTRIBUTE = "Attr-26.32473.1";

  @Test
  @Needs("dhcpd")
  void iscDhcpdIsAskedByAddress(Lab lab) {
    Isp isp = Isp.build(lab);
    Capture core = lab.capture(isp.nas().place(), "core0", "udp port 546 or udp port 547");
    IscDhcpd dhcpd = IscDhcpd.start(lab, isp.server().place(), "srv0");
    isp.relay(lab);
    isp.lease(lab);
    String address = only(dhcpd.leases());
    GatewayConfiguration configuration = configuration(lab);
    Gateway gateway = new Gateway(lab, isp.nas().place().asOrdinaryUser());
    Peer running = gateway.run(configuration);
    Radclient dac = Radclient.to(isp.nas().place(), configuration.radiusAddress());

    Radclient.Answer coa = dac.coa(FramedAddress.attributes(address, AFTR));

    assertThat(coa.verdict()).as(coa.text()).isEqualTo("CoA-ACK");
    running.awaitOutput("leasequery-answered query=\"address " + address + "\" clients=1");
    assertThat(gateway.export(configuration.write()))
        .contains(Isp.CLIENT_DUID, "\"linkAddress\":\"" + Isp.LINK_ADDRESS + "\"", address)
        .doesNotContain("\"iaid\"");
    // RL-8: without IAID nothing is released, and nothing guessed
    assertThat(dac.disconnect(FramedAddress.attributes(address)).verdict())
        .isEqualTo("Disconnect-NAK 504");
    // nobody has this one: the second time the answer is remembered
    for (int i = 0; i < 2; i++) {
      assertThat(
              dac.coa(
                      FramedAddress.attributes(
                          "2001:db8:0:7::1eee", AFTR + ", Proxy-State = 0x0" + i))
                  .verdict())
          .isEqualTo("CoA-NAK 503");
    }

    List<Packet> queries = queries(core.packets());
    assertThat(queries).hasSize(2);
    assertThat(queries.get(0).value("dhcpv6.lq_query")).isEqualTo("1");
    assertThat(queries.get(0).values("dhcpv6.iaaddr.ip")).containsExactly(address);
    assertThat(core.packets())
        .anySatisfy(
            packet -> {
              assertThat(packet.isDhcpv6(LEASEQUERY_REPLY)).isTrue();
              assertThat(packet.value("udp.dstport")).isEqualTo("546");
            });
  }

  @Test
  @Needs({"dibbler-server", "unshare"})
  void dibblerIsAskedByClient(Lab lab) {
    Isp isp = Isp.build(lab);
    Capture core = lab.capture(isp.nas().place(), "core0", "udp port 546 or udp port 547");
    Dibbler server = Dibbler.server(lab, isp.server().place(), Isp.SERVER_ADDRESS);
    isp.relay(lab);
    isp.lease(lab);
    String address = only(server.awaitLeases(2));
    GatewayConfiguration configuration =
        configuration(lab)
            .set("radius.identification-attributes", List.of(DUID_ATTRIBUTE))
            .set("radius.accounting.duid-attributes", List.of(DUID_ATTRIBUTE));
    Gateway gateway = new Gateway(lab, isp.nas().place().asOrdinaryUser());
    gateway.run(configuration);
    Place nas = isp.nas().place();

    Radclient.Answer coa =
        Radclient.to(nas, configuration.radiusAddress())
            .coa(DUID_ATTRIBUTE + " = 0x" + Isp.CLIENT_DUID, AFTR);

    assertThat(coa.verdict()).as(coa.text()).isEqualTo("CoA-ACK");
    assertThat(gateway.export(configuration.write())).contains(Isp.CLIENT_DUID, address);
    List<Packet> queries = queries(core.packets());
    assertThat(queries).hasSize(1);
    assertThat(queries.get(0).value("dhcpv6.lq_query")).isEqualTo("2");
    assertThat(queries.get(0).values("dhcpv6.duid.bytes").get(1).replace(":", ""))
        .isEqualTo(Isp.CLIENT_DUID);
  }

  private static GatewayConfiguration configuration(Lab lab) {
    return new GatewayConfiguration(lab)
        .server(
            "server",
            "[" + Isp.SERVER_ADDRESS + "]:547",
            "bind",
            "[" + Isp.GATEWAY_ADDRESS + "]:547",
            "reconfigure",
            "at-renew",
            "release",
            "relayed-release",
            "rsoo-options",
            List.of("aftr-name"))
        .set("dhcpv6.leasequery.on-miss", "requests")
        .set("dhcpv6.leasequery.bind", "[" + Isp.GATEWAY_ADDRESS + "]:546")
        .set("dhcpv6.leasequery.links", List.of(Isp.LINK_ADDRESS));
  }

  private static String only(Set<String> leases) {
    return leases.stream().filter(lease -> !lease.contains("/")).findFirst().orElseThrow();
  }

  /** Our queries; tshark has nothing against any of them. */
  private static List<Packet> queries(List<Packet> packets) {
    List<Packet> queries = packets.stream().filter(packet -> packet.isDhcpv6(LEASEQUERY)).toList();
    assertThat(queries)
        .allSatisfy(
            packet -> {
              assertThat(packet.complaints()).isEmpty();
              assertThat(packet.has("udp.checksum.status", "1")).isTrue();
              assertThat(packet.value("ipv6.src")).isEqualTo(Isp.GATEWAY_ADDRESS);
              assertThat(packet.value("udp.srcport")).isEqualTo("546");
              assertThat(packet.values("dhcpv6.requested_option_code")).contains("47");
            });
    return queries;
  }
}
