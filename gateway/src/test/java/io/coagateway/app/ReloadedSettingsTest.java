package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.config.GatewayConfig;
import io.coagateway.dynauth.RequestObserver;
import io.coagateway.machine.TestMachine;
import io.coagateway.radius.PacketCode;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.wire.Ipv6Address;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SIGHUP changes and what it leaves as it was. Real sockets on loopback. */
class ReloadedSettingsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String ALICE =
      "{\"id\":\"port-7\",\"duid\":\"0003000102005e100007\",\"linkAddress\":\"2001:db8:0:7::1\","
          + "\"serverDuid\":\"0003000102005e0000aa\",\"session\":{\"User-Name\":[\"alice\"]},"
          + "\"ias\":[{\"type\":\"IA_PD\",\"iaid\":1,\"leases\":[\"2001:db8:4200::/56\"]}]}";

  /** A server that is never asked: the CoA-ACK means stored. */
  private static final String AT_START =
      """
      nas: {identifier: nas1, addresses: [192.0.2.1]}
      radius:
        listen: ["127.0.0.1:0"]
        max-sessions: 16
        clients:
          - {name: dac, addresses: [127.0.0.1/32], secret: testing123-testing123}
        accounting: {listen: ["127.0.0.1:0"]}
      dhcpv6:
        servers:
          - name: stored
            address: "[::1]:9"
            reconfigure: at-renew
            release: none
            rsoo-options: [aftr-name]
      subscribers: {database: "jdbc:sqlite:first.db"}
      learn: {servers: ["2001:db8::547"]}
      admin: {listen: "127.0.0.1:0", token: 0123456789abcdef}
      """;

  @TempDir Path directory;
  private final Queue<String> notes = new ConcurrentLinkedQueue<>();

  private GatewayConfig configuration(String text) throws Exception {
    return GatewayConfig.load(Files.writeString(directory.resolve("gateway.yaml"), text));
  }

  private GatewayProcess start() throws Exception {
    return start(AT_START);
  }

  private GatewayProcess start(String text) throws Exception {
    Observers none = Observers.NONE;
    RequestObserver noting =
        new RequestObserver() {
          @Override
          public void noted(String event, String words) {
            notes.add(event + " " + words);
          }
        };
    GatewayProcess gateway =
        GatewayProcess.start(
            configuration(text),
            "test",
            new Observers(
                none.das(), noting, none.relay(), none.table(), none.tls(), none.inPath()));
    gateway
        .table()
        .put(new RecordFormat(DictionaryFiles.builtIn()).parse(ALICE, "nas1"))
        .toCompletableFuture()
        .join();
    return gateway;
  }

  /** The code of what answers a CoA for alice. */
  private static PacketCode coa(GatewayProcess gateway, int identifier) throws Exception {
    byte[] packet =
        Dac.request(
            PacketCode.COA_REQUEST,
            identifier,
            "User-Name = \"alice\"",
            "DS-Lite-Tunnel-Name = \"aftr2.example.net\"");
    try (DatagramSocket dac = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      dac.setSoTimeout((int) PATIENCE.toMillis());
      dac.send(new DatagramPacket(packet, packet.length, gateway.radiusAddresses().get(0)));
      DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
      dac.receive(answer);
      return PacketCode.of(answer.getData()[0]).orElseThrow();
    }
  }

  @Test
  @DisplayName(
      "MESSAGES.md, started: all that is listened for besides RADIUS over UDP, where it is on")
  void whateverElseListensIsNamed() throws Exception {
    try (GatewayProcess gateway = start()) {
      assertThat(gateway.otherListeners())
          .isEqualTo(" accounting=[127.0.0.1:0] admin=[127.0.0.1:0]");
      gateway.reload(
          configuration(
              AT_START.replace("dhcpv6:\n", "dhcpv6:\n  in-path: {listen: [\"[::1]:0\"]}\n")));
      assertThat(gateway.otherListeners())
          .isEqualTo(" accounting=[127.0.0.1:0] in-path=[[::1]:0] admin=[127.0.0.1:0]");
    }
    String more =
        AT_START
            .replace("dhcpv6:\n", "dhcpv6:\n  forward-from-other-relays: {listen: [\"[::1]:0\"]}\n")
            .replace("admin: {", "admin: {socket: admin.sock, ");
    try (GatewayProcess gateway = start(more)) {
      assertThat(gateway.otherListeners())
          .isEqualTo(
              " accounting=[127.0.0.1:0] other-relays=[[::1]:0] admin=[127.0.0.1:0] admin-socket="
                  + directory.resolve("admin.sock"));
    }
  }

  @Test
  void theSameAgainIsComplete() throws Exception {
    try (GatewayProcess gateway = start()) {
      gateway.reload(configuration(AT_START));
      assertThat(notes).isEmpty();
      assertThat(coa(gateway, 1)).isEqualTo(PacketCode.COA_ACK);
    }
  }

  @Test
  void limitsChangeAtOnce() throws Exception {
    try (GatewayProcess gateway = start()) {
      gateway.reload(configuration(AT_START.replace("max-sessions: 16", "max-sessions: 3")));
      assertThat(notes).isEmpty();
      assertThat(gateway.config().dynauth().maxSessions()).isEqualTo(3);
    }
  }

  @Test
  void whoTheNasIsAndWhereItsRecordsAreWaitsForTheNextStart() throws Exception {
    try (GatewayProcess gateway = start()) {
      GatewayConfig before = gateway.config();
      assertThat(coa(gateway, 1)).isEqualTo(PacketCode.COA_ACK);

      gateway.reload(
          configuration(
              AT_START
                  .replace("identifier: nas1", "identifier: nas2")
                  .replace("192.0.2.1", "192.0.2.2")
                  .replace("first.db", "second.db")
                  .replace("max-sessions: 16", "max-sessions: 3")));

      assertThat(coa(gateway, 2))
          .as("in the same table, under the same name")
          .isEqualTo(PacketCode.COA_ACK);
      assertThat(notes)
          .containsExactly(
              "reload-incomplete nas.addresses changes at the next start only",
              "reload-incomplete nas.identifier changes at the next start only",
              "reload-incomplete dhcpv6.relay-id changes at the next start only",
              "reload-incomplete subscribers changes at the next start only");
      GatewayConfig after = gateway.config();
      assertThat(after.nas()).as("what the status page shows").isEqualTo(before.nas());
      assertThat(after.subscribers()).isEqualTo(before.subscribers());
      assertThat(after.dynauth().nas()).isEqualTo("nas1");
      assertThat(after.inPath().nas()).isEqualTo("nas1");
      assertThat(after.relay().relayId()).isEqualTo(before.relay().relayId());
      assertThat(after.dynauth().maxSessions()).as("what may change").isEqualTo(3);
    }
  }

  @Test
  void whatWasOpenedOnceWaitsForTheNextStart() throws Exception {
    try (GatewayProcess gateway = start()) {
      GatewayConfig before = gateway.config();
      gateway.reload(
          configuration(
              AT_START
                  .replace("max-sessions: 16", "max-sessions: 16\n  replay-memory: 2048")
                  .replace(
                      "accounting: {listen: [\"127.0.0.1:0\"]}",
                      "accounting: {listen: [\"127.0.0.1:0\"], unjoined-limit: 7}")
                  .replace("learn: {", "learn: {capture: {command: [\"/bin/true\"]}, ")
                  .replace(
                      "dhcpv6:\n",
                      "dhcpv6:\n  leasequery: {on-miss: requests, bind: \"[::1]:0\"}\n")
                  .replace("0123456789abcdef", "fedcba9876543210")));
      assertThat(notes)
          .containsExactly(
              "reload-incomplete radius.replay-memory changes at the next start only",
              "reload-incomplete radius.accounting changes at the next start only",
              "reload-incomplete learn changes at the next start only",
              "reload-incomplete dhcpv6.leasequery changes at the next start only",
              "reload-incomplete admin changes at the next start only");
      GatewayConfig after = gateway.config();
      assertThat(after.das().replayEntries()).isEqualTo(before.das().replayEntries());
      assertThat(after.accounting()).isEqualTo(before.accounting());
      assertThat(after.learn()).isEqualTo(before.learn());
      assertThat(after.leasequery()).isEqualTo(before.leasequery());
      assertThat(after.admin()).isEqualTo(before.admin());
    }
  }

  /** What has been opened would go by other names than what is read anew. */
  @Test
  void dictionariesWaitForTheNextStart() throws Exception {
    Files.writeString(
        directory.resolve("acme"),
        "VENDOR Acme 99999\nBEGIN-VENDOR Acme\nATTRIBUTE Acme-Thing 1 string\nEND-VENDOR Acme\n");
    try (GatewayProcess gateway = start()) {
      gateway.reload(configuration(AT_START + "dictionaries: [acme]\n"));
      assertThat(notes)
          .containsExactly("reload-incomplete dictionaries changes at the next start only");
      assertThat(gateway.config().attributes().idOf("Acme-Thing")).isEmpty();
    }
  }

  /** Accounting takes the secrets of radius.clients where it has none of its own. */
  @Test
  void aSecretThatIsUsedTwiceChangesInOnePlaceOnly() throws Exception {
    try (GatewayProcess gateway = start()) {
      gateway.reload(
          configuration(AT_START.replace("testing123-testing123", "testing456-testing456")));
      assertThat(notes)
          .containsExactly("reload-incomplete radius.accounting changes at the next start only");
    }
  }

  @Test
  void whatAccountingDoesNotTakeOfItsClientsIsNotMissed() throws Exception {
    try (GatewayProcess gateway = start()) {
      String secret = "secret: testing123-testing123";
      assertThat(AT_START).contains(secret);
      gateway.reload(configuration(AT_START.replace(secret, secret + ", rate-limit: 7/s")));
      assertThat(notes).isEmpty();
    }
  }

  @Test
  void aRefusedReloadLeavesNoSocketOpen() throws Exception {
    InetSocketAddress forOtherRelays =
        new InetSocketAddress(Ipv6Address.parse("::1").toInetAddress(), TestMachine.freePort());
    try (GatewayProcess gateway = start();
        DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      GatewayConfig next =
          configuration(
              AT_START
                  .replace(
                      "listen: [\"127.0.0.1:0\"]\n", // of radius
                      "listen: [\"127.0.0.1:" + taken.getLocalPort() + "\"]\n")
                  .replace(
                      "dhcpv6:\n",
                      "dhcpv6:\n  forward-from-other-relays: {listen: [\"[::1]:"
                          + forOtherRelays.getPort()
                          + "\"], trusted: [\"2001:db8::1/128\"]}\n"));
      assertThatThrownBy(() -> gateway.reload(next))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
      new DatagramSocket(forOtherRelays).close(); // nobody has it
      assertThat(coa(gateway, 1)).isEqualTo(PacketCode.COA_ACK);
    }
  }
}
