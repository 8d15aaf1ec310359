package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The DHCPv6 server dies; the DAC must hear about it in time. */
@Isolated("measures the waits between transmissions")
class KilledServerIT {
  private static final Subscriber ALICE = new Subscriber(1);

  private static GatewayConfiguration configuration(Lab lab, int serverPort) {
    return new GatewayConfiguration(lab)
        .server(
            "dhcp-1",
            "[::1]:" + serverPort,
            "release",
            "release-request",
            "rsoo-options",
            List.of("aftr-name"));
  }

  /** With the real times: transmissions at about 0, 1, 3, 7 and 15 s, the NAK at 25 s. */
  @Test
  @Needs(
      value = {"radclient", "tshark", "tcpdump"},
      root = true)
  void theRetransmissionsOfRfc6977EndInANakWithin25Seconds(Lab lab) {
    int serverPort = lab.freePort();
    GatewayConfiguration configuration = configuration(lab, serverPort);
    int radiusPort = configuration.radiusPort();
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    Capture capture =
        lab.capture(Place.HERE, "lo", "udp port " + serverPort + " or udp port " + radiusPort)
            .dhcpv6On(serverPort)
            .radiusOn(radiusPort);
    Peer server = SimulatedServers.start(gateway, "server", serverPort, ALICE.line());
    gateway.run(configuration);
    server.kill();

    Radclient.Answer answer =
        Radclient.to(Place.HERE, configuration.radiusAddress())
            .sending(10, 3)
            .coa(ALICE, "aftr.example.net");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("CoA-NAK 506");
    List<Packet> packets = capture.packets();
    assertThat(packets).allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
    List<Packet> sent = packets.stream().filter(packet -> packet.isDhcpv6(18)).toList();
    assertThat(sent)
        .extracting(packet -> packet.value("dhcpv6.xid"))
        .hasSize(5)
        .containsOnly(sent.get(0).value("dhcpv6.xid"));
    // RFC 8415 section 15: RT = IRT + RAND*IRT, then RT = 2*RTprev + RAND*RTprev; MRT caps at 10 s.
    Offset<Double> scheduling = Offset.offset(0.25);
    double previous = sent.get(1).seconds() - sent.get(0).seconds();
    assertThat(previous).isCloseTo(1.0, Offset.offset(0.1 + scheduling.value));
    for (int i = 2; i < 5; i++) {
      double wait = sent.get(i).seconds() - sent.get(i - 1).seconds();
      assertThat(wait)
          .as("wait before transmission " + (i + 1))
          .isBetween(1.9 * previous - scheduling.value, 2.1 * previous + scheduling.value);
      previous = wait;
    }
    List<Packet> requests = packets.stream().filter(packet -> packet.isRadius(43)).toList();
    Packet nak = packets.stream().filter(packet -> packet.isRadius(45)).findFirst().orElseThrow();
    assertThat(requests).hasSizeGreaterThan(5);
    assertThat(requests)
        .extracting(packet -> packet.value("radius.id"))
        .containsOnly(requests.get(0).value("radius.id"));
    assertThat(nak.seconds() - requests.get(0).seconds()).isBetween(20.0, 25.5);
  }

  @Test
  @Needs("radclient")
  void theAnswerComesByTheConfiguredDeadlineAndTheRecordIsAsBefore(Lab lab) {
    GatewayConfiguration configuration =
        configuration(lab, lab.freePort()).set("radius.response-deadline", "2s");
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    gateway.run(configuration);

    long began = System.nanoTime();
    Radclient.Answer answer =
        Radclient.to(Place.HERE, configuration.radiusAddress()).coa(ALICE, "aftr.example.net");

    assertThat((System.nanoTime() - began) / 1e9).isBetween(1.5, 4.0);
    assertThat(answer.verdict()).as(answer.text()).isEqualTo("CoA-NAK 506");
    assertThat(gateway.export(configuration.write())).contains("\"options\":{}");
  }

  @Test
  @Needs("radclient")
  void aDisconnectWithoutAnAnswerIs504(Lab lab) {
    GatewayConfiguration configuration =
        configuration(lab, lab.freePort()).set("radius.response-deadline", "2s");
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    gateway.run(configuration);

    Radclient.Answer answer =
        Radclient.to(Place.HERE, configuration.radiusAddress())
            .disconnect("User-Name = \"" + ALICE.userName() + "\"");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Disconnect-NAK 504");
  }
}
