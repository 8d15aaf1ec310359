package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coagateway.lab.Capture;
import io.coagateway.lab.Dibbler;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Isp;
import io.coagateway.lab.Kea;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Dibbler on either side of the relay: a third server, and a second client. */
@Needs(
    value = {"dhcrelay", "radclient", "tshark", "tcpdump", "ip", "ethtool", "unshare"},
    root = true)
class DibblerIT {
  private static final String WHO = "User-Name = \"alice@example.net\"";

  @Test
  @Needs({"dibbler-server", "dhclient"})
  void theServerFreesWhatDhclientHadGot(Lab lab) {
    Isp isp = Isp.build(lab);
    Place nas = isp.nas().place();
    Capture core = lab.capture(nas, "core0", "udp port 547");
    Dibbler server = Dibbler.server(lab, isp.server().place(), Isp.SERVER_ADDRESS);
    isp.relay(lab);
    isp.lease(lab);
    Set<String> leases = server.awaitLeases(2);

    Radclient.Answer answer =
        disconnect(lab, nas, RelayedLease.record(core.packets(), leases), "dibbler");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Disconnect-ACK");
    assertThat(server.awaitLeases(0)).isEmpty();
    List<Packet> ours = releases(core.packets());
    assertThat(ours).isNotEmpty();
    assertThat(ours).allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
  }

  @Test
  @Needs({"kea-dhcp6", "dibbler-client"})
  void whatTheClientHadGotIsFreedAtKea(Lab lab) {
    Isp isp = Isp.build(lab);
    Place nas = isp.nas().place();
    Capture core = lab.capture(nas, "core0", "udp port 547");
    Kea kea = Kea.start(lab, isp.server().place(), "srv0/" + Isp.SERVER_ADDRESS, 547);
    isp.relay(lab);
    Dibbler client = Dibbler.client(lab, isp.subscriber().place());
    Set<String> leases = client.awaitLeases(2);
    assertThat(leases(kea)).isEqualTo(leases);

    Radclient.Answer answer =
        disconnect(lab, nas, RelayedLease.record(core.packets(), leases), "kea");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Disconnect-ACK");
    assertThat(leases(kea)).isEmpty();
    assertThat(releases(core.packets()))
        .isNotEmpty()
        .allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
  }

  /** Starts the gateway on the NAS, knowing one session, and ends that session by its name. */
  private static Radclient.Answer disconnect(Lab lab, Place nas, String record, String server) {
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                server,
                "[" + Isp.SERVER_ADDRESS + "]:547",
                "bind",
                "[" + Isp.GATEWAY_ADDRESS + "]:547",
                "release",
                "relayed-release");
    Gateway gateway = new Gateway(lab, nas.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), record);
    gateway.run(configuration);
    return Radclient.to(nas, configuration.radiusAddress()).disconnect(WHO);
  }

  private static List<Packet> releases(List<Packet> packets) {
    return packets.stream()
        .filter(packet -> packet.has("ipv6.src", Isp.GATEWAY_ADDRESS))
        .filter(packet -> packet.values("dhcpv6.msgtype").equals(List.of("12", "8")))
        .toList();
  }

  private static Set<String> leases(Kea kea) {
    Set<String> leases = new TreeSet<>();
    for (JsonNode lease : kea.leases()) {
      String prefix =
          lease.path("type").asText().equals("IA_PD") ? lease.path("prefix-len").asText() : "";
      leases.add(lease.path("ip-address").asText() + (prefix.isEmpty() ? "" : "/" + prefix));
    }
    return leases;
  }
}
