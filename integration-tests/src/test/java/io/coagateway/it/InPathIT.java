package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.IscDhcpd;
import io.coagateway.lab.Isp;
import io.coagateway.lab.Kea;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Packet;
import io.coagateway.lab.PathIsp;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * dhclient - ISC dhcrelay - gateway - server, all as packaged: a CoA reaches the client at its next
 * Renew, out of the RSOO that the gateway puts in on the way, and nothing that happens to the
 * gateway's table keeps a client from its lease.
 */
@Needs(
    value = {"kea-dhcp6", "dhcpd", "dhcrelay", "dhclient", "radclient", "tshark", "tcpdump", "ip"},
    root = true)
class InPathIT {
  private static final String WHO = "User-Name = \"alice@example.net\"";
  private static final int RENEW_SECONDS = 3;

  private static GatewayConfiguration configuration(Lab lab) {
    return new GatewayConfiguration(lab)
        .set("dhcpv6.in-path.listen", List.of("[" + PathIsp.GATEWAY_ADDRESS + "]:547"))
        .set("subscribers.relay-reads-table", false)
        .serverAtRenew("server", "[" + PathIsp.SERVER_ADDRESS + "]:547");
  }

  private static Kea kea(Lab lab, PathIsp isp) {
    return Kea.start(
        lab, isp.server().place(), "srv0/" + PathIsp.SERVER_ADDRESS, 547, RENEW_SECONDS);
  }

  /** The client's record as an accounting script might write it: nothing of the relay's. */
  private static String record(String options) {
    return """
        {"id":"alice","duid":"%s","linkAddress":"%s","serverDuid":"%s",\
        "session":{"User-Name":["alice@example.net"]},"ias":[],"options":{%s}}
        """
        .formatted(Isp.CLIENT_DUID, Isp.LINK_ADDRESS, Subscriber.SERVER_DUID, options);
  }

  @Test
  void aCoaReachesTheClientAtItsNextRenew(Lab lab) {
    PathIsp isp = PathIsp.build(lab);
    Capture up = lab.capture(isp.gateway().place(), "up0", "udp");
    Capture down = lab.capture(isp.gateway().place(), "path0", "udp");
    Kea kea = kea(lab, isp);
    GatewayConfiguration configuration = configuration(lab);
    Gateway gateway = new Gateway(lab, isp.gateway().place().asOrdinaryUser());
    gateway.importSubscribers(
        configuration.write(), record("\"64\":\"036f6c64076578616d706c65036e657400\""));
    gateway.run(configuration);
    isp.relay(lab);
    Peer dhclient = isp.lease(lab);
    dhclient.await("has the first name", () -> isp.aftrName(lab).isPresent());
    assertThat(isp.aftrName(lab)).contains("old.example.net.");

    Radclient.Answer answer =
        Radclient.to(isp.gateway().place(), configuration.radiusAddress())
            .coa(WHO, "DS-Lite-Tunnel-Name = \"new.example.net\"");
    assertThat(answer.verdict()).as(answer.text()).isEqualTo("CoA-ACK");
    dhclient.await(
        "has the new name", () -> isp.aftrName(lab).equals(Optional.of("new.example.net.")));

    judge(up.packets(), down.packets());
    assertThat(kea.leases()).hasSize(2);
    // What passed taught the table what the script could not know.
    String learned = gateway.export(configuration.write());
    assertThat(kea.leases())
        .allSatisfy(lease -> assertThat(learned).contains(lease.path("ip-address").asText()));
  }

  /** What tshark saw on both sides of the gateway. */
  private static void judge(List<Packet> up, List<Packet> down) {
    List<Packet> all = new ArrayList<>(up);
    all.addAll(down);
    assertThat(all).allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
    List<Packet> renewals =
        up.stream()
            .filter(p -> p.values("dhcpv6.msgtype").equals(List.of("12", "12", "5")))
            .toList();
    Packet last = renewals.get(renewals.size() - 1);
    assertThat(last.values("dhcpv6.hopcount")).containsExactly("1", "0");
    assertThat(last.values("dhcpv6.linkaddr")).containsExactly("::", Isp.LINK_ADDRESS);
    assertThat(last.values("dhcpv6.option.type")).contains("66");
    assertThat(last.payload())
        .contains("00420015" + "00400011" + "036e6577076578616d706c65036e657400");
    // The relay's own message went on octet for octet, and nothing of ours came back to it.
    List<String> fromRelay =
        down.stream().filter(p -> p.isDhcpv6(12)).map(Packet::payload).toList();
    assertThat(fromRelay).anySatisfy(octets -> assertThat(last.payload()).endsWith(octets));
    assertThat(down.stream().filter(p -> p.isDhcpv6(13)))
        .isNotEmpty()
        .allSatisfy(
            p -> assertThat(p.values("dhcpv6.msgtype")).startsWith("13").doesNotContain("12"));
  }

  @Test
  void clientsGetTheirLeasesWhateverBecomesOfTheTable(Lab lab) throws IOException {
    PathIsp isp = PathIsp.build(lab);
    kea(lab, isp);
    GatewayConfiguration configuration = configuration(lab);
    Path database = lab.write("subscribers.db", "this is no database\n".repeat(300));
    Gateway gateway = new Gateway(lab, isp.gateway().place().asOrdinaryUser());
    Peer process = gateway.run(configuration);
    isp.relay(lab);

    isp.lease(lab);
    process.awaitOutput("in-path-unsupplied reason=table-unavailable");
    Radclient dac = Radclient.to(isp.gateway().place(), configuration.radiusAddress());
    String change = "DS-Lite-Tunnel-Name = \"new.example.net\"";
    Radclient.Answer refused = dac.coa(WHO, change, "Proxy-State = 0x01");
    assertThat(refused.verdict()).as(refused.text()).isEqualTo("CoA-NAK 506");
    assertThat(isp.aftrName(lab)).isEmpty();

    Files.delete(database); // and without a restart the table is there
    // The path may have learned the client by now, under another id: it becomes one with this.
    gateway.importSubscribers(configuration.write(), record(""));
    process.awaitOutput("table-loaded");
    Radclient.Answer accepted = dac.coa(WHO, change, "Proxy-State = 0x02");
    assertThat(accepted.verdict()).as(accepted.text()).isEqualTo("CoA-ACK");
    process.await(
        "supplies the client", () -> isp.aftrName(lab).equals(Optional.of("new.example.net.")));
  }

  /** ISC dhcpd ignores the RSOO, and answers to port 547 alone; the path serves it all the same. */
  @Test
  void theServerMayBeIscDhcpd(Lab lab) {
    PathIsp isp = PathIsp.build(lab);
    IscDhcpd dhcpd = IscDhcpd.start(lab, isp.server().place(), "srv0", "2001:db8:548::/64");
    GatewayConfiguration configuration = configuration(lab);
    Gateway gateway = new Gateway(lab, isp.gateway().place().asOrdinaryUser());
    gateway.importSubscribers(
        configuration.write(), record("\"64\":\"036f6c64076578616d706c65036e657400\""));
    gateway.run(configuration);
    isp.relay(lab);

    isp.lease(lab);

    assertThat(dhcpd.leases()).hasSize(2);
    assertThat(isp.aftrName(lab)).isEmpty();
  }
}
