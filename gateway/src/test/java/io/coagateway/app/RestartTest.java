package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.config.GatewayConfig;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.radius.PacketCode;
import io.coagateway.simulator.LeaseFile;
import io.coagateway.simulator.LeaseTable;
import io.coagateway.simulator.SimulatedServer;
import io.coagateway.simulator.SimulatedServerChannel;
import io.coagateway.simulator.SimulatorObserver;
import io.coagateway.simulator.SimulatorParameters;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.NetUtil;
import java.io.StringReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an answered request becomes when it comes again after a restart: answered from memory, and
 * not executed a second time (RFC 5176 sections 2.3 and 6.3). Real sockets on loopback.
 */
class RestartTest {
  private static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String ALICE =
      "{\"id\":\"port-7\",\"nas\":\"nas1\",\"duid\":\"0003000102005e100007\","
          + "\"linkAddress\":\"2001:db8:0:7::1\",\"serverDuid\":\"0003000102005e0000aa\","
          + "\"reconfigureAccept\":true,\"session\":{\"User-Name\":[\"alice\"]},"
          + "\"ias\":[{\"type\":\"IA_PD\",\"iaid\":1,\"leases\":[\"2001:db8:4200::/56\"]}]}";

  @TempDir Path directory;
  private final AtomicInteger executed = new AtomicInteger();
  private final MultiThreadIoEventLoopGroup loops = Transport.inUse().loops(1, "simulator");
  private Path file;

  @BeforeEach
  void configure() throws Exception {
    LeaseTable leases = new LeaseTable();
    LeaseFile.load(new StringReader(ALICE), "test", SERVER, leases);
    SimulatedServerChannel server =
        SimulatedServerChannel.open(
                new SimulatedServer(
                    SimulatorParameters.builder(SERVER)
                        .reconfigureRequests(SimulatorParameters.Policy.ACCEPT)
                        .reconfigureClients(SimulatorParameters.ReconfigureClients.NEVER)
                        .build(),
                    leases,
                    InstantSource.system(),
                    new SecureRandom()),
                new InetSocketAddress(Ipv6Address.parse("::1").toInetAddress(), 0),
                Duration.ZERO,
                new SimulatorObserver() {
                  @Override
                  public void received(Message message, InetSocketAddress from) {
                    executed.incrementAndGet();
                  }
                },
                loops.next())
            .toCompletableFuture()
            .join();
    file =
        Files.writeString(
            directory.resolve("gateway.yaml"),
            """
            nas: {identifier: nas1}
            radius:
              listen: ["127.0.0.1:0"]
              clients:
                - {name: dac, addresses: [127.0.0.1/32], secret: testing123-testing123}
            dhcpv6:
              servers:
                - name: simulated
                  address: "%s"
                  reconfigure: rfc6977
                  release: none
                  rsoo-options: [aftr-name]
            admin: {listen: none}
            """
                .formatted(NetUtil.toSocketAddressString(server.localAddress())));
  }

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private Path kept() {
    return directory.resolve("replay-memory-nas1");
  }

  private GatewayProcess start() throws Exception {
    return GatewayProcess.start(GatewayConfig.load(file), "test", Observers.NONE);
  }

  private static byte[] ask(DatagramSocket dac, GatewayProcess gateway, byte[] request)
      throws Exception {
    dac.setSoTimeout((int) PATIENCE.toMillis());
    dac.send(new DatagramPacket(request, request.length, gateway.radiusAddresses().get(0)));
    DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
    dac.receive(answer);
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  @Test
  void anAnsweredRequestIsNotExecutedAgainAfterARestart() throws Exception {
    byte[] request =
        Dac.request(
            PacketCode.COA_REQUEST,
            7,
            "User-Name = \"alice\"",
            "DS-Lite-Tunnel-Name = \"aftr2.example.net\"");
    try (DatagramSocket dac = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      byte[] first;
      try (GatewayProcess gateway = start()) {
        gateway
            .table()
            .put(new RecordFormat(DictionaryFiles.builtIn()).parse(ALICE, "nas1"))
            .toCompletableFuture()
            .join();
        first = ask(dac, gateway, request);
        gateway.stop(PATIENCE);
      }
      assertThat(first[0]).isEqualTo((byte) PacketCode.COA_ACK.number());
      assertThat(executed).hasValue(1);
      assertThat(kept()).exists();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())))
          .isEqualTo("rw-------");

      try (GatewayProcess gateway = start()) {
        assertThat(kept()).as("taken over, and older than the memory from now on").doesNotExist();
        assertThat(ask(dac, gateway, request)).isEqualTo(first);
        gateway.stop(PATIENCE);
      }
      assertThat(executed).hasValue(1);
    }
  }

  @Test
  void aDamagedFileIsLeftAside() throws Exception {
    new ReplayFile(kept()).write(Octets.ofHex("0102030405"));
    byte[] octets = Files.readAllBytes(kept());
    octets[octets.length - 1] ^= 1;
    Files.write(kept(), octets);
    try (GatewayProcess gateway = start()) {
      assertThat(gateway.radiusAddresses()).hasSize(1);
      assertThat(kept()).doesNotExist();
    }
  }

  @Test
  void aStartThatFailsLeavesTheFileToTheNext() throws Exception {
    new ReplayFile(kept()).write(Octets.EMPTY);
    try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          file, Files.readString(file).replace("127.0.0.1:0", "127.0.0.1:" + other.getLocalPort()));
      assertThat(catchThrowable(this::start)).isInstanceOf(StartException.class);
    }
    assertThat(kept()).exists();
  }

  @Test
  void whatIsWrittenIsRead() {
    ReplayFile replay = ReplayFile.in(directory, Optional.of("../nas 2"));
    assertThat(replay.path()).isEqualTo(directory.resolve("replay-memory-.._nas_2"));
    replay.write(Octets.ofHex("c0ffee"));
    assertThat(replay.read()).contains(Octets.ofHex("c0ffee"));
    replay.delete();
    assertThat(replay.read()).isEmpty();
  }
}
