package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More connections than the gateway may have files and sockets open. */
class DescriptorsIT {
  private static final Subscriber ALICE = new Subscriber(1);
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final int COA_REQUEST = 43;
  private static final int COA_ACK = 44;

  /** What is left to be opened, and what others want to have of it. */
  private static final int LEFT = 20;

  private static final int LISTENERS = 30;

  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  private Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  private static void get(Socket socket, String path) throws IOException {
    String request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, TOKEN);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads until {@code text} has come. */
  private static String readUntil(Socket socket, String text) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int octet = in.read();
      assertThat(octet).as("after %s", read).isNotNegative();
      read.append((char) octet);
    }
    return read.toString();
  }

  private static String coa(GatewayConfiguration configuration, int n) {
    return Radclient.to(Place.HERE, configuration.radiusAddress())
        .coa(ALICE, "aftr%d.example.net".formatted(n))
        .verdict();
  }

  private static long refusals(Peer gateway, int port) {
    return gateway
        .output()
        .lines()
        .filter(line -> line.contains("connections-not-accepted"))
        .filter(line -> line.contains(":" + port + " "))
        .count();
  }

  @Test
  @Needs("prlimit")
  void theLogSaysAtTheStartThatTheyWillNotDo(Lab lab) {
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set("admin.max-connections", 20)
            .serverAtRenew("dhcp-1", "[::1]:" + lab.freePort());
    Gateway program = new Gateway(lab, Place.HERE);
    Peer small = program.runBy("small", List.of("prlimit", "--nofile=200:200"), configuration);
    small.awaitOutput("few-descriptors limit=200 wanted=212: Raise LimitNOFILE=");
    small.close();
    Peer enough = program.runBy("enough", List.of("prlimit", "--nofile=212:212"), configuration);
    enough.awaitOutput(" started ");
    assertThat(enough.output()).doesNotContain("few-descriptors");
  }

  @Test
  @Needs({"radclient", "prlimit", "openssl"})
  void connectionsWaitThatCannotBeAcceptedAndNobodyElseDoes(Lab lab) throws Exception {
    int tls = lab.freePort();
    int admin = lab.freePort();
    GatewayConfiguration configuration =
        TlsPeers.addTo(
                new GatewayConfiguration(lab),
                lab,
                tls,
                Map.of("certificate", List.of("dac.example.net")))
            .set("admin.listen", "127.0.0.1:" + admin)
            .set("admin.token", TOKEN)
            .serverAtRenew("dhcp-1", "[::1]:" + lab.freePort());
    Gateway program = new Gateway(lab, Place.HERE); // whose limits its own user may lower
    program.importSubscribers(configuration.write(), ALICE.line());
    Peer gateway = program.run(configuration).awaitTcp(tls).awaitTcp(admin);
    assertThat(coa(configuration, 1)).isEqualTo("CoA-ACK");
    Socket monitor = connect(admin);
    get(monitor, "/metrics");
    readUntil(monitor, "gateway_not_accepted_total{listener=\"admin\"} 0.0");

    int limit = gateway.openFiles() + LEFT;
    Command.run(
            Place.HERE,
            "prlimit",
            "--pid=" + gateway.pid(),
            "--nofile=%d:%d".formatted(limit, limit))
        .orFail();
    Socket listener = connect(admin);
    get(listener, "/events");
    for (int i = 1; i < LISTENERS; i++) {
      get(connect(admin), "/events");
    }
    gateway.awaitOutput("connections-not-accepted listener=\\S+:" + admin + " .*LimitNOFILE");
    connect(tls);
    gateway.awaitOutput("connections-not-accepted listener=\\S+:" + tls + " .*LimitNOFILE");

    // For some seconds: the loops do not spin, and the log says it once a second.
    long before = refusals(gateway, admin);
    Duration cpu = gateway.cpu();
    long start = System.nanoTime();
    gateway.await("tries again", () -> refusals(gateway, admin) >= before + 2);
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    assertThat(gateway.cpu().minus(cpu)).isLessThan(wall.dividedBy(2));
    assertThat(refusals(gateway, admin) - before).isLessThanOrEqualTo(wall.toSeconds() + 2);

    for (int n = 2; n < 7; n++) {
      assertThat(coa(configuration, n)).isEqualTo("CoA-ACK");
    }
    readUntil(listener, "options-confirmed");
    get(monitor, "/metrics");
    readUntil(monitor, "gateway_not_accepted_total{listener=\"tls\"} ");
    assertThat(gateway.openFiles()).isEqualTo(limit);

    close();
    Socket next = connect(admin);
    get(next, "/health");
    assertThat(readUntil(next, "\r\n")).contains("200");
    try (TlsPeers.OpenSsl dac = TlsPeers.OpenSsl.client(tls, "dac")) {
      byte[] request = TlsPeers.request(COA_REQUEST, 1, ALICE.userName(), Octets.EMPTY);
      dac.send(request);
      assertThat(dac.receive().code()).isEqualTo(COA_ACK);
    }
  }
}
