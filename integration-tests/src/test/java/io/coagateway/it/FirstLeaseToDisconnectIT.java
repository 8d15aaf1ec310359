package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coagateway.lab.Capture;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Isp;
import io.coagateway.lab.Kea;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Netns;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The whole ISP: dhclient gets its first lease through dhcrelay from Kea; a DAC in the AAA network
 * changes the session over IPv4 and over IPv6, which a simulated RFC 6977 server beside Kea takes,
 * and disconnects it, which Kea takes as a relayed RELEASE with the relay source port option.
 */
@Needs(
    value = {
      "kea-dhcp6",
      "dhcrelay",
      "dhclient",
      "radclient",
      "tshark",
      "tcpdump",
      "ip",
      "ethtool"
    },
    root = true)
class FirstLeaseToDisconnectIT {
  private static final String SIMULATED_DUID = "0003000102005e0000bb";
  private static final int SIMULATED_PORT = 10547;
  private static final String WHO = "User-Name = \"alice@example.net\"";

  @Test
  void aSessionFromItsFirstLeaseToItsEnd(Lab lab) {
    Isp isp = Isp.build(lab);
    Netns aaa = isp.aaa(lab);
    Place nas = isp.nas().place();
    Capture core =
        lab.capture(nas, "core0", "udp and src " + Isp.GATEWAY_ADDRESS + " or udp port 10547")
            .dhcpv6On(SIMULATED_PORT);
    Capture radius = lab.capture(nas, "nas0", "udp port 3799");
    Kea kea = Kea.start(lab, isp.server().place(), "srv0/" + Isp.SERVER_ADDRESS, 547);
    isp.relay(lab);
    isp.lease(lab);
    List<JsonNode> leases = kea.leases();
    assertThat(leases).hasSize(2);
    String record = record(leases);
    GatewayConfiguration configuration = configuration(lab);
    Gateway gateway = new Gateway(lab, nas.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), record);
    simulatedServer(lab, isp, record);
    gateway.run(configuration.write(), 3799);

    Radclient.Answer first =
        Radclient.to(aaa.place(), Isp.NAS_ADDRESS + ":3799")
            .coa(WHO, "DS-Lite-Tunnel-Name = \"one.example.net\"", "NAS-IP-Address = 192.0.2.1");
    Radclient dac = Radclient.to(aaa.place(), "[" + Isp.NAS_ADDRESS_6 + "]:3799");
    Radclient.Answer second =
        dac.coa(
            WHO,
            "DS-Lite-Tunnel-Name = \"two.example.net\"",
            "NAS-IPv6-Address = " + Isp.NAS_ADDRESS_6,
            "Message-Authenticator = 0x00");
    Radclient.Answer other = dac.coa(WHO, "NAS-IPv6-Address = 2001:db8:aaa::99");
    Radclient.Answer end = dac.disconnect(WHO);

    assertThat(first.verdict()).as(first.text()).isEqualTo("CoA-ACK");
    assertThat(second.verdict()).as(second.text()).isEqualTo("CoA-ACK");
    assertThat(other.verdict()).as(other.text()).isEqualTo("CoA-NAK 403");
    assertThat(end.verdict()).as(end.text()).isEqualTo("Disconnect-ACK");
    for (JsonNode lease : leases) {
      assertThat(kea.hasLease(lease.path("type").asText(), lease.path("ip-address").asText()))
          .as(lease.toString())
          .isFalse();
    }
    assertThat(gateway.export(configuration.write())).isEmpty();
    judge(core.await(3, packet -> packet.speaks("dhcpv6")), radius.packets());
  }

  /** What tshark has to say about every packet on both cables. */
  private static void judge(List<Packet> core, List<Packet> radius) {
    assertThat(radius).hasSize(8);
    assertThat(radius.stream().filter(packet -> packet.speaks("ipv6"))).hasSize(6);
    List<Packet> all = new ArrayList<>(core);
    all.addAll(radius);
    assertThat(all)
        .allSatisfy(
            packet -> {
              assertThat(packet.complaints()).isEmpty();
              assertThat(packet.has("udp.checksum.status", "1")).isTrue();
            });
    Packet change = core.stream().filter(p -> p.isDhcpv6(18)).findFirst().orElseThrow();
    assertThat(change.values("dhcpv6.linkaddr")).isEmpty();
    assertThat(change.payload())
        .contains("00420015" + "00400011" + "036f6e65076578616d706c65036e657400")
        .contains("00500010" + "20010db8000000070000000000000001");
    assertThat(change.values("dhcpv6.duid.bytes"))
        .contains(Isp.CLIENT_DUID.replaceAll("(..)(?!$)", "$1:"));
    Packet release =
        core.stream()
            .filter(p -> p.values("dhcpv6.msgtype").equals(List.of("12", "8")))
            .findFirst()
            .orElseThrow();
    assertThat(release.values("dhcpv6.linkaddr")).containsExactly(Isp.LINK_ADDRESS);
    assertThat(release.values("dhcpv6.option.type")).contains("135", "3", "25");
  }

  private static GatewayConfiguration configuration(Lab lab) {
    return new GatewayConfiguration(lab)
        .set("nas.addresses", List.of(Isp.NAS_ADDRESS, Isp.NAS_ADDRESS_6))
        .set(
            "radius.listen", List.of(Isp.NAS_ADDRESS + ":3799", "[" + Isp.NAS_ADDRESS_6 + "]:3799"))
        .set(
            "radius.clients",
            List.of(
                Map.of(
                    "name", "aaa",
                    "addresses", List.of(Isp.AAA_ADDRESS + "/32", Isp.AAA_ADDRESS_6 + "/128"),
                    "secret", "testing123")))
        .set("dhcpv6.bind", List.of("[" + Isp.GATEWAY_ADDRESS + "]:0"))
        .server(
            "kea",
            "[" + Isp.SERVER_ADDRESS + "]:547",
            "duid",
            Subscriber.SERVER_DUID,
            "rsoo-options",
            List.of("aftr-name"),
            "honours-relay-port",
            true,
            "release",
            "relayed-release")
        .server(
            "simulated",
            "[" + Isp.SERVER_ADDRESS + "]:" + SIMULATED_PORT,
            "duid",
            SIMULATED_DUID,
            "rsoo-options",
            List.of("aftr-name"),
            "release",
            "none");
  }

  private static void simulatedServer(Lab lab, Isp isp, String record) {
    new Gateway(lab, isp.server().place())
        .start(
            "simulated",
            SIMULATED_PORT,
            "simulate-server",
            "--listen",
            "[" + Isp.SERVER_ADDRESS + "]:" + SIMULATED_PORT,
            "--server-duid",
            SIMULATED_DUID,
            "--leases",
            lab.write(
                    "simulated-leases.ndjson",
                    record.replace(Subscriber.SERVER_DUID, SIMULATED_DUID))
                .toString());
  }

  /** The record as the NAS's relay would write it, of the leases that Kea says it gave. */
  private static String record(List<JsonNode> leases) {
    List<String> associations = new ArrayList<>();
    for (JsonNode lease : leases) {
      String type = lease.path("type").asText();
      String prefix = type.equals("IA_PD") ? "/" + lease.path("prefix-len").asText() : "";
      assertThat(lease.path("duid").asText().replace(":", "")).isEqualTo(Isp.CLIENT_DUID);
      associations.add(
          "{\"type\":\"%s\",\"iaid\":%d,\"leases\":[\"%s%s\"]}"
              .formatted(
                  type, lease.path("iaid").asLong(), lease.path("ip-address").asText(), prefix));
    }
    return """
        {"id":"acc0","duid":"%s","linkAddress":"%s","serverDuid":"%s",\
        "session":{"User-Name":["alice@example.net"]},"ias":[%s],"options":{}}
        """
        .formatted(
            Isp.CLIENT_DUID,
            Isp.LINK_ADDRESS,
            Subscriber.SERVER_DUID,
            String.join(",", associations));
  }
}
