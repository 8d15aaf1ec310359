package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.FreeRadius;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A DAC behind a FreeRADIUS proxy. Its 3.2.1 signs answers that carry a Message-Authenticator anew
 * and wrongly, so this client is configured with {@code sign-answers: never}.
 */
@Needs(
    value = {"freeradius", "radclient", "tshark", "tcpdump"},
    root = true)
class FreeRadiusProxyIT {
  private static final Subscriber ALICE = new Subscriber(1);

  @Test
  void coaAndDisconnectGoThroughAndTheProxyStateComesBack(Lab lab) {
    int serverPort = lab.freePort();
    int proxyPort = lab.freePort();
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set(
                "radius.clients",
                List.of(
                    Map.of(
                        "name", "proxy",
                        "addresses", List.of("127.0.0.1/32"),
                        "secret", "testing123",
                        "sign-answers", "never")))
            .server(
                "dhcp-1",
                "[::1]:" + serverPort,
                "release",
                "release-request",
                "rsoo-options",
                List.of("aftr-name"));
    int radiusPort = configuration.radiusPort();
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    SimulatedServers.start(gateway, "server", serverPort, ALICE.line());
    gateway.run(configuration);
    Capture capture = lab.capture(Place.HERE, "lo", "udp port " + radiusPort).radiusOn(radiusPort);
    FreeRadius.proxying(lab, Place.HERE, proxyPort, radiusPort);
    Radclient dac = Radclient.to(Place.HERE, "127.0.0.1:" + proxyPort);

    Radclient.Answer coa =
        dac.coa(
            "User-Name = \"" + ALICE.userName() + "\"",
            "DS-Lite-Tunnel-Name = \"aftr.example.net\"",
            "Message-Authenticator = 0x00");
    Radclient.Answer unknown = dac.coa("User-Name = \"nobody@example.net\"");
    Radclient.Answer disconnect =
        dac.disconnect("User-Name = \"" + ALICE.userName() + "\"", "Proxy-State = 0x0708");

    assertThat(coa.verdict()).as(coa.text()).isEqualTo("CoA-ACK");
    assertThat(unknown.verdict()).as(unknown.text()).isEqualTo("CoA-NAK 503");
    assertThat(disconnect.verdict()).as(disconnect.text()).isEqualTo("Disconnect-ACK");
    assertThat(disconnect.attributes()).contains("Proxy-State = 0x0708");
    List<Packet> packets = capture.await(6, packet -> packet.speaks("radius"));
    assertThat(packets).allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
    for (int i = 0; i < 6; i += 2) { // one request after the other: each has its answer behind it
      List<String> sent = packets.get(i).values("radius.Proxy_State");
      assertThat(sent).isNotEmpty();
      assertThat(packets.get(i + 1).values("radius.Proxy_State")).isEqualTo(sent);
      assertThat(packets.get(i + 1).values("radius.Message_Authenticator")).isEmpty();
    }
    assertThat(packets.get(4).values("radius.Proxy_State")).hasSize(2);
  }
}
