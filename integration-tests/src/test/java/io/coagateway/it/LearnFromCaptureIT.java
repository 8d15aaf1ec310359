package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Isp;
import io.coagateway.lab.Kea;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Netns;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A relay that exports nothing, a DHCPv6 server that knows no names, a RADIUS server that knows no
 * DUIDs: the gateway learns the leases of dhclient from what dhcrelay and Kea say to each other,
 * and the name from accounting; then a Disconnect-Request by that name frees the leases in Kea.
 */
@Needs(
    value = {
      "kea-dhcp6",
      "dhcrelay",
      "dhclient",
      "radclient",
      "tcpdump",
      "tshark",
      "ip",
      "ethtool"
    },
    root = true)
class LearnFromCaptureIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void aDisconnectByUserNameFreesALeaseThatNobodyToldUsOf(Lab lab) {
    Isp isp = Isp.build(lab);
    Netns aaa = isp.aaa(lab);
    Place nas = isp.nas().place();
    Kea kea = Kea.start(lab, isp.server().place(), "srv0/" + Isp.SERVER_ADDRESS, 547);
    isp.relay(lab);
    GatewayConfiguration configuration = configuration(lab);
    Gateway gateway = new Gateway(lab, nas);
    Peer running = gateway.run(configuration.write(), 3799);
    running.awaitOutput("capture-started");

    isp.lease(lab);

    List<JsonNode> leases = kea.leases();
    assertThat(leases).hasSize(2);
    await()
        .atMost(PATIENCE)
        .until(() -> gateway.export(configuration.write()).contains(Isp.CLIENT_DUID));
    String learned = gateway.export(configuration.write());
    assertThat(learned.lines()).hasSize(1);
    for (JsonNode lease : leases) {
      assertThat(learned).contains("\"" + lease.path("ip-address").asText());
    }
    assertThat(learned)
        .contains("\"linkAddress\":\"" + Isp.LINK_ADDRESS + "\"")
        .contains("\"serverDuid\":\"" + Subscriber.SERVER_DUID + "\"")
        .contains("\"validUntil\":[");

    Radclient.Answer unknown =
        Radclient.to(aaa.place(), Isp.NAS_ADDRESS + ":3799")
            .disconnect("User-Name = \"alice@example.net\"");
    assertThat(unknown.verdict()).isEqualTo("Disconnect-NAK 503");

    String prefix =
        leases.stream()
            .filter(lease -> lease.path("type").asText().equals("IA_PD"))
            .map(
                lease ->
                    lease.path("ip-address").asText() + "/" + lease.path("prefix-len").asText())
            .findFirst()
            .orElseThrow();
    Radclient accounting = Radclient.to(aaa.place(), Isp.NAS_ADDRESS + ":1813");
    assertThat(accounting.status().verdict()).isEqualTo("Accounting-Response");
    Radclient.Answer start =
        accounting.accounting(
            "Acct-Status-Type = Start",
            "Acct-Session-Id = \"8A3F0001\"",
            "User-Name = \"alice@example.net\"",
            "NAS-IP-Address = 192.0.2.1",
            "Delegated-IPv6-Prefix = " + prefix);
    assertThat(start.verdict()).as(start.text()).isEqualTo("Accounting-Response");

    Radclient.Answer end =
        Radclient.to(aaa.place(), Isp.NAS_ADDRESS + ":3799")
            .disconnect("User-Name = \"alice@example.net\"", "Acct-Session-Id = \"8A3F0001\"");

    assertThat(end.verdict()).as(end.text()).isEqualTo("Disconnect-ACK");
    assertThat(kea.leases()).isEmpty();
    assertThat(gateway.export(configuration.write())).isEmpty();
  }

  private static GatewayConfiguration configuration(Lab lab) {
    List<Map<String, Object>> clients =
        List.of(
            Map.of(
                "name", "aaa",
                "addresses", List.of(Isp.AAA_ADDRESS + "/32"),
                "secret", "testing123"));
    return new GatewayConfiguration(lab)
        .set("nas.addresses", List.of(Isp.NAS_ADDRESS))
        .set("radius.listen", List.of(Isp.NAS_ADDRESS + ":3799"))
        .set("radius.clients", clients)
        .set("radius.accounting.listen", List.of(Isp.NAS_ADDRESS + ":1813"))
        .set("dhcpv6.bind", List.of("[" + Isp.GATEWAY_ADDRESS + "]:0"))
        .set(
            "learn.capture.command",
            List.of(
                "tcpdump",
                "-i",
                "any",
                "-U",
                "--immediate-mode",
                "-s",
                "0",
                "-w",
                "-",
                "udp port 547"))
        .server(
            "kea",
            "[" + Isp.SERVER_ADDRESS + "]:547",
            "honours-relay-port",
            true,
            "reconfigure",
            "at-renew",
            "rsoo-options",
            List.of("aftr-name"),
            "release",
            "relayed-release");
  }
}
