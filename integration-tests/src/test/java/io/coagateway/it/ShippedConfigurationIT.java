package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Netns;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The shipped conf/gateway.yaml, unchanged, as an ordinary user, with radclient in front and the
 * simulated server behind; in a namespace of its own, for its ports are fixed.
 */
@Needs(
    value = {"radclient", "tshark", "tcpdump", "ip"},
    root = true)
class ShippedConfigurationIT {
  private static final int RECONFIGURE_REQUEST = 18;
  private static final int RECONFIGURE_REPLY = 19;
  private static final int RELEASE_REQUEST = 250;
  private static final int RELEASE_REQUEST_REPLY = 251;
  private static final int SERVER_PORT = 10547;

  private static final Subscriber ALICE = new Subscriber(1);
  private static final Subscriber BOB = new Subscriber(2);
  private static final Subscriber CAROL = new Subscriber(3);

  /** Gateway, server, capture and radclient in one namespace. */
  private record Scene(Gateway gateway, Path configuration, Capture capture, Radclient radclient) {
    static Scene set(Lab lab, String... serverOptions) {
      Netns namespace = lab.namespace();
      Place user = namespace.place().asOrdinaryUser();
      Path configuration = lab.copy(Gateway.top().resolve("conf")).resolve("gateway.yaml");
      lab.copy(Gateway.top().resolve("dictionaries"));
      Gateway gateway = new Gateway(lab, user);
      String lines = ALICE.line() + BOB.line() + CAROL.line();
      gateway.importSubscribers(configuration, lines);
      Capture capture = lab.capture(namespace.place(), "lo", "udp").dhcpv6On(SERVER_PORT);
      SimulatedServers.start(gateway, "server", SERVER_PORT, lines, serverOptions);
      gateway.run(configuration, 3799);
      return new Scene(gateway, configuration, capture, Radclient.to(user, "127.0.0.1:3799"));
    }
  }

  @Test
  @Needs(
      value = {"radclient", "ip", "nft"},
      root = true)
  void theFirewallExampleAdmitsTheClientsAlone(Lab lab) {
    Netns namespace = lab.namespace();
    Place user = namespace.place().asOrdinaryUser();
    Path configuration = lab.copy(Gateway.top().resolve("conf")).resolve("gateway.yaml");
    lab.copy(Gateway.top().resolve("dictionaries"));
    new Gateway(lab, user).run(configuration, 3799);
    String rules = configuration.resolveSibling("firewall.nft").toString();
    namespace.run("nft", "--check", "--file", rules).orFail();
    namespace.run("nft", "--file", rules).orFail();
    namespace.run("nft", "--file", rules).orFail(); // once more takes the place of the first

    for (String address : List.of("127.0.0.1:3799", "[::1]:3799")) {
      assertThat(Radclient.to(user, address).sending(1, 5).coa("User-Name = nobody").verdict())
          .isEqualTo("CoA-NAK 503");
    }
    namespace.run("nft", "delete element inet coa_gateway dac4 { 127.0.0.1 }").orFail();
    namespace.run("nft", "delete element inet coa_gateway dac6 { ::1 }").orFail();
    for (String address : List.of("127.0.0.1:3799", "[::1]:3799")) {
      assertThat(Radclient.to(user, address).sending(1, 1).coa("User-Name = nobody").verdict())
          .isEqualTo("none");
    }
  }

  @Test
  void aCoaIsAcknowledgedAfterTheServerHasAcceptedIt(Lab lab) {
    Scene scene = Scene.set(lab);

    Radclient.Answer answer =
        scene
            .radclient()
            .coa(
                "User-Name = \"" + ALICE.userName() + "\"",
                "Acct-Session-Id = \"" + ALICE.session() + "\"",
                "DS-Lite-Tunnel-Name = \"aftr.example.net\"",
                "Event-Timestamp = \"" + System.currentTimeMillis() / 1000 + "\"",
                "Message-Authenticator = 0x00",
                "Proxy-State = 0x7031");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("CoA-ACK");
    assertThat(answer.attributes()).contains("Proxy-State = 0x7031");
    List<Packet> packets = scene.capture().await(1, packet -> packet.isRadius(44));
    assertGood(packets);
    assertThat(
            packets.stream().filter(packet -> packet.speaks("radius") || packet.speaks("dhcpv6")))
        .extracting(ShippedConfigurationIT::kind)
        .containsSubsequence("RADIUS 43", "DHCPv6 18", "DHCPv6 19", "RADIUS 44");
    Packet request = first(packets, RECONFIGURE_REQUEST);
    assertThat(request.values("dhcpv6.option.type")).contains("1", "80", "66");
    assertThat(request.values("dhcpv6.duid.bytes")).contains(ALICE.duidWithColons());
    // tshark gives type and length of these two only: LINK_ADDRESS, and the RSOO around AFTR_NAME.
    assertThat(request.payload()).contains("00500010" + "20010db8000000070000000000000001");
    assertThat(request.payload())
        .contains("00420016" + "00400012" + "04" + hex("aftr") + "07" + hex("example") + "03");
    Packet reply = first(packets, RECONFIGURE_REPLY);
    assertThat(reply.value("dhcpv6.xid")).isEqualTo(request.value("dhcpv6.xid"));
    assertThat(exported(scene, ALICE)).contains("\"64\":\"0461667472076578616d706c65036e657400\"");
  }

  @Test
  void aDisconnectIsAcknowledgedWhenTheLeasesAreGone(Lab lab) {
    Scene scene = Scene.set(lab);

    Radclient.Answer answer =
        scene
            .radclient()
            .disconnect(
                "User-Name = \"" + BOB.userName() + "\"",
                "Acct-Session-Id = \"" + BOB.session() + "\"");
    Radclient.Answer again = scene.radclient().disconnect("User-Name = \"" + BOB.userName() + "\"");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Disconnect-ACK");
    assertThat(again.verdict()).as(again.text()).isEqualTo("Disconnect-NAK 503");
    List<Packet> packets = scene.capture().await(1, packet -> packet.isRadius(42));
    assertGood(packets);
    Packet request = first(packets, RELEASE_REQUEST);
    assertThat(request.values("dhcpv6.option.type")).contains("1", "2", "53", "45", "3", "25");
    assertThat(request.values("dhcpv6.iaaddr.ip")).contains(BOB.address());
    assertThat(request.values("dhcpv6.iaprefix.pref_addr")).contains(BOB.prefix());
    assertThat(first(packets, RELEASE_REQUEST_REPLY).value("dhcpv6.xid"))
        .isEqualTo(request.value("dhcpv6.xid"));
  }

  @Test
  void anUnknownSessionIs503AndAWrongSecretGetsNothing(Lab lab) {
    Scene scene = Scene.set(lab);

    Radclient.Answer unknown =
        scene
            .radclient()
            .coa("User-Name = \"mallory\"", "DS-Lite-Tunnel-Name = \"aftr.example.net\"");
    Radclient.Answer wrong =
        scene
            .radclient()
            .withSecret("testing124")
            .sending(2, 1)
            .coa(
                "User-Name = \"" + CAROL.userName() + "\"",
                "DS-Lite-Tunnel-Name = \"aftr.example.net\"");

    assertThat(unknown.verdict()).as(unknown.text()).isEqualTo("CoA-NAK 503");
    assertThat(wrong.verdict()).as(wrong.text()).isEqualTo("none");
    List<Packet> packets = scene.capture().await(3, packet -> packet.isRadius(43));
    assertGood(packets);
    assertThat(packets).noneMatch(packet -> packet.speaks("dhcpv6"));
  }

  @Test
  void aRefusingServerMakesANak(Lab lab) {
    Scene scene = Scene.set(lab, SimulatedServers.REFUSING);

    Radclient.Answer coa =
        scene
            .radclient()
            .coa(
                "User-Name = \"" + CAROL.userName() + "\"",
                "DS-Lite-Tunnel-Name = \"aftr.example.net\"");

    assertThat(coa.verdict()).as(coa.text()).isEqualTo("CoA-NAK 501");
    assertGood(scene.capture().await(1, packet -> packet.isRadius(45)));
    assertThat(exported(scene, CAROL)).contains("\"options\":{}");
  }

  @Test
  void sigtermStopsItCleanly(Lab lab) {
    Netns namespace = lab.namespace();
    Path configuration = lab.copy(Gateway.top().resolve("conf")).resolve("gateway.yaml");
    lab.copy(Gateway.top().resolve("dictionaries"));
    Peer gateway = new Gateway(lab, namespace.place().asOrdinaryUser()).run(configuration, 3799);

    assertThat(gateway.stop(Duration.ofSeconds(10))).as(gateway.output()).isZero();
    assertThat(gateway.output()).doesNotContain("Exception");
  }

  private static String exported(Scene scene, Subscriber subscriber) {
    return scene
        .gateway()
        .export(scene.configuration())
        .lines()
        .filter(line -> line.contains(subscriber.duid()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(subscriber + " is not in the table"));
  }

  private static void assertGood(List<Packet> packets) {
    assertThat(packets).isNotEmpty();
    assertThat(packets).allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
  }

  private static Packet first(List<Packet> packets, int dhcpv6Type) {
    return packets.stream()
        .filter(packet -> packet.isDhcpv6(dhcpv6Type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no DHCPv6 message " + dhcpv6Type));
  }

  private static String kind(Packet packet) {
    return packet.speaks("radius")
        ? "RADIUS " + packet.value("radius.code")
        : "DHCPv6 " + packet.values("dhcpv6.msgtype").get(0);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
