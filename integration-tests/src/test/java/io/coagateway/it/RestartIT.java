package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The gateway, or the server, goes down in the middle of a CoA and comes back. */
@Needs("radclient")
class RestartIT {
  private static final Subscriber ALICE = new Subscriber(1);

  /** AFTR_NAME aftr.example.net in RFC 1035's form. */
  private static final String AFTR = "\"64\":\"0461667472076578616d706c65036e657400\"";

  /**
   * The NAS reboots: what was pending is kept and said again, and the DAC, which goes on repeating
   * its request, hears of success.
   */
  @Test
  void aCoaThatACrashCutShortIsRepeatedAtStart(Lab lab) throws IOException {
    int serverPort = lab.freePort();
    GatewayConfiguration configuration = configuration(lab, serverPort);
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    Peer first = gateway.run(configuration);

    CompletableFuture<Radclient.Answer> answer;
    try (DatagramSocket silent = silentServer(serverPort)) {
      answer = coa(configuration, 25);
      assertThat(receive(silent)).isEqualTo(18);
      first.kill();
    }
    Peer server = SimulatedServers.start(gateway, "server", serverPort, ALICE.line());
    Peer second = gateway.run(configuration);

    second.awaitOutput("repeated-after-crash");
    server.awaitOutput("RECONFIGURE-REQUEST");
    assertThat(answer.join().verdict()).as(answer.join().text()).isEqualTo("CoA-ACK");
    assertThat(gateway.export(configuration.write())).contains(AFTR);
  }

  /** The server is away for the first transmissions and takes a later one. */
  @Test
  void aServerThatComesBackInTimeIsHeard(Lab lab) throws IOException {
    int serverPort = lab.freePort();
    GatewayConfiguration configuration = configuration(lab, serverPort);
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    gateway.run(configuration);

    CompletableFuture<Radclient.Answer> answer;
    try (DatagramSocket silent = silentServer(serverPort)) {
      answer = coa(configuration, 1);
      assertThat(receive(silent)).isEqualTo(18);
    }
    SimulatedServers.start(gateway, "server", serverPort, ALICE.line());

    assertThat(answer.join().verdict()).as(answer.join().text()).isEqualTo("CoA-ACK");
    assertThat(gateway.export(configuration.write())).contains(AFTR);
  }

  private static GatewayConfiguration configuration(Lab lab, int serverPort) {
    return new GatewayConfiguration(lab)
        .server("dhcp-1", "[::1]:" + serverPort, "rsoo-options", List.of("aftr-name"));
  }

  private static CompletableFuture<Radclient.Answer> coa(
      GatewayConfiguration configuration, int sends) {
    Radclient radclient =
        Radclient.to(Place.HERE, configuration.radiusAddress()).sending(sends, sends == 1 ? 20 : 1);
    return CompletableFuture.supplyAsync(() -> radclient.coa(ALICE, "aftr.example.net"));
  }

  /** Takes what the gateway sends and never answers. */
  private static DatagramSocket silentServer(int port) throws IOException {
    byte[] loopback = new byte[16]; // ::1
    loopback[15] = 1;
    DatagramSocket socket = new DatagramSocket(port, InetAddress.getByAddress(loopback));
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** The message type of the next datagram. */
  private static int receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
    socket.receive(packet);
    return packet.getData()[0];
  }
}
