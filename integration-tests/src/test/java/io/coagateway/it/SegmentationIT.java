package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.lab.Capture;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Netns;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Answers of one length to one client, given to the kernel in one piece to be cut. The requests are
 * all there when the gateway begins to read, so that it must come to that.
 */
@Needs(
    value = {"radclient", "tshark", "tcpdump", "ip", "ethtool"},
    root = true)
class SegmentationIT {
  private static final int REQUESTS = 100;
  private static final int ANSWER_OCTETS = 44; // header, Message-Authenticator, Error-Cause

  /** A gateway in a namespace, and what radclient said of {@value #REQUESTS} requests at once. */
  private record Scene(Peer gateway, Capture capture, String radclient) {
    static Scene play(Lab lab, Netns namespace, String... onceItListens) {
      GatewayConfiguration configuration =
          new GatewayConfiguration(lab)
              .set("radius.listen", List.of("127.0.0.1:3799"))
              .server("dhcp-1", "[2001:db8::1]:547");
      Peer gateway =
          new Gateway(lab, namespace.place(), Gateway.ONE_LOOP).run(configuration.write(), 3799);
      namespace.run(onceItListens).orFail();
      Capture capture = lab.capture(namespace.place(), "lo", "udp src port 3799");
      Path requests =
          lab.write(
              "requests",
              IntStream.range(0, REQUESTS)
                  .mapToObj(n -> "User-Name = nobody%d\nMessage-Authenticator = 0\n".formatted(n))
                  .collect(Collectors.joining("\n")));
      gateway.signal("STOP");
      long before = sent(namespace);
      Peer radclient =
          lab.start(
              "radclient",
              namespace.place(),
              "stdbuf", // else its errors fall into the middle of its lines
              "-oL",
              "radclient",
              "-x",
              "-p",
              Integer.toString(REQUESTS),
              "-r",
              "1",
              "-t",
              "30",
              "-f",
              requests.toString(),
              "127.0.0.1:3799",
              "coa",
              "testing123");
      radclient.await("has sent them", () -> sent(namespace) >= before + REQUESTS);
      gateway.signal("CONT");
      radclient.awaitExit(Duration.ofSeconds(60));
      return new Scene(gateway, capture, radclient.output());
    }

    /** How many UDP datagrams were sent over IPv4 in the namespace: the kernel's OutDatagrams. */
    private static long sent(Netns namespace) {
      String figures =
          namespace
              .run("cat", "/proc/net/snmp")
              .out()
              .lines()
              .filter(line -> line.matches("Udp: \\d.*"))
              .findFirst()
              .orElseThrow();
      return Long.parseLong(figures.split(" ", -1)[4]);
    }

    long answers() {
      return radclient.lines().filter(line -> line.contains("Received CoA-NAK")).count();
    }

    /** The lengths of what the capture shows, once that is {@code octets} in all. */
    List<Integer> lengths(int octets) {
      List<Integer> lengths = new ArrayList<>();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                lengths.clear();
                for (Packet packet : capture.packets()) {
                  lengths.add(Integer.parseInt(packet.values("udp.length").get(0)) - 8);
                }
                assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isEqualTo(octets);
              });
      return lengths;
    }
  }

  @Test
  void theKernelCutsThemAndTheClientSeesNothingOfIt(Lab lab) {
    Netns namespace = lab.namespace();
    // As a new namespace has it: so the capture shows the pieces.
    Scene scene = Scene.play(lab, namespace, "ethtool", "-K", "lo", "tx-udp-segmentation", "on");

    assertThat(scene.answers()).isEqualTo(REQUESTS);
    assertThat(scene.lengths(REQUESTS * ANSWER_OCTETS))
        .hasSizeLessThan(REQUESTS)
        .contains(64 * ANSWER_OCTETS); // a whole burst, with one loop
    assertThat(scene.gateway().output()).doesNotContain("segmentation-refused");
  }

  @Test
  void ethtoolShowsWhatTheWireCarries(Lab lab) {
    Netns namespace = lab.namespace();
    Scene scene = Scene.play(lab, namespace, "ethtool", "-K", "lo", "tx-udp-segmentation", "off");

    assertThat(scene.answers()).isEqualTo(REQUESTS);
    List<Packet> packets = scene.capture().await(REQUESTS, packet -> packet.isRadius(45));
    assertThat(packets).hasSize(REQUESTS);
    assertThat(packets).allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
  }

  /** An MTU that no answer fits: the kernel fragments a datagram, but cuts none for it. */
  @Test
  void whatTheKernelDoesNotCutLeavesOneByOne(Lab lab) {
    Netns namespace = lab.namespace();
    Scene scene = Scene.play(lab, namespace, "ip", "link", "set", "lo", "mtu", "68");

    assertThat(scene.answers()).isEqualTo(REQUESTS);
    scene.gateway().awaitOutput("segmentation-refused local=/127.0.0.1:3799");
  }
}
