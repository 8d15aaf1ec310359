package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.config.GatewayConfig;
import io.coagateway.das.DasObserver;
import io.coagateway.dynauth.RequestObserver;
import io.coagateway.dynauth.RequestReport;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.PacketCode;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.relay.RelayObserver;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.TableObserver;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a reload (SIGHUP) does to Disconnects that are under way: nothing. Real sockets on loopback,
 * and a real {@code nas.on-disconnect}, which says that the data path cannot be cut.
 */
class ReloadTest {
  private static final String ALICE =
      "{\"id\":\"port-7\",\"nas\":\"nas1\",\"duid\":\"0003000102005e100007\","
          + "\"linkAddress\":\"2001:db8:0:7::1\",\"session\":{\"User-Name\":[\"alice\"],"
          + "\"Acct-Session-Id\":[\"8A3F0007\"]}}";

  @TempDir Path directory;
  private final AtomicInteger started = new AtomicInteger();
  private final List<String> reasons = Collections.synchronizedList(new ArrayList<>());

  private final RequestObserver requests =
      new RequestObserver() {
        @Override
        public void started(DynamicAuthorizationRequest request, UnderWay underWay) {
          started.incrementAndGet();
        }

        @Override
        public void finished(RequestReport report) {
          reasons.add(report.reason());
        }
      };

  /** A configuration whose command waits for the file {@code go}, then ends with this code. */
  private GatewayConfig config(int exitCode) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("gateway.yaml"),
            """
            nas:
              identifier: nas1
              on-disconnect:
                command: [/bin/sh, -c, "until [ -e %s ]; do sleep 0.01; done; exit %d"]
                timeout: 20s
            radius:
              listen: ["127.0.0.1:0"]
              clients:
                - {name: dac, addresses: [127.0.0.1/32], secret: testing123-testing123}
            dhcpv6:
              servers:
                - {name: silent, address: "[::1]:9", reconfigure: none, release: none}
            subscribers: {database: memory}
            admin: {listen: none}
            """
                .formatted(directory.resolve("go"), exitCode));
    return GatewayConfig.load(file);
  }

  private GatewayProcess start(GatewayConfig config) throws Exception {
    GatewayProcess gateway =
        GatewayProcess.start(
            config,
            "test",
            new Observers(
                DasObserver.none(),
                requests,
                RelayObserver.NONE,
                TableObserver.NONE,
                TlsObserver.NONE,
                InPathObserver.NONE));
    gateway
        .table()
        .put(new RecordFormat(DictionaryFiles.builtIn()).parse(ALICE, "nas1"))
        .toCompletableFuture()
        .join();
    return gateway;
  }

  private static void disconnect(
      DatagramSocket dac, GatewayProcess gateway, int identifier, String session) throws Exception {
    byte[] packet = Dac.request(PacketCode.DISCONNECT_REQUEST, identifier, session);
    dac.send(new DatagramPacket(packet, packet.length, gateway.radiusAddresses().get(0)));
  }

  private static void awaitNak(DatagramSocket dac) throws Exception {
    dac.setSoTimeout(20_000);
    DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
    dac.receive(answer);
    assertThat(answer.getData()[0]).isEqualTo((byte) PacketCode.DISCONNECT_NAK.number());
  }

  private void awaitReasons(String... words) {
    List<String> expected = Stream.of(words).map("nas.on-disconnect: "::concat).toList();
    await().untilAsserted(() -> assertThat(reasons).isEqualTo(expected));
  }

  /** One that runs the command, and one for the same session that waits for its turn. */
  private void disconnectTwice(DatagramSocket dac, GatewayProcess gateway) throws Exception {
    disconnect(dac, gateway, 1, "User-Name = \"alice\"");
    disconnect(dac, gateway, 2, "Acct-Session-Id = \"8A3F0007\"");
    await().until(() -> started.get() == 2);
  }

  @Test
  void disconnectsUnderWayAreStillCut() throws Exception {
    try (DatagramSocket dac = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        GatewayProcess gateway = start(config(3))) {
      disconnectTwice(dac, gateway);
      gateway.reload(config(3));
      Files.createFile(directory.resolve("go"));
      awaitNak(dac);
      awaitNak(dac);
      awaitReasons("exit code 3", "exit code 3");
    }
  }

  @Test
  void aChangedCommandIsForThoseThatComeLater() throws Exception {
    try (DatagramSocket dac = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        GatewayProcess gateway = start(config(3))) {
      disconnectTwice(dac, gateway);
      gateway.reload(config(4));
      Files.createFile(directory.resolve("go"));
      awaitNak(dac);
      awaitNak(dac);
      disconnect(dac, gateway, 3, "User-Name = \"alice\"");
      awaitNak(dac);
      awaitReasons("exit code 3", "exit code 3", "exit code 4");
    }
  }
}
