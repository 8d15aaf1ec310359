package io.coagateway.simulator;

import static io.coagateway.simulator.Bench.ALICE;
import static io.coagateway.simulator.Bench.accepting;
import static io.coagateway.simulator.Bench.reconfigureRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server on a real socket. */
class SimulatedServerChannelTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void stop() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private SimulatedServerChannel open(InetSocketAddress at, Duration delay) throws Exception {
    return SimulatedServerChannel.open(
            new Bench(accepting()).server, at, delay, SimulatorObserver.NONE, group.next())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void answersAndThenSendsReconfigure() throws Exception {
    SimulatedServerChannel channel = open(ANY_PORT, Duration.ofMillis(1));
    try (DatagramSocket socket = new DatagramSocket(ANY_PORT)) {
      socket.setSoTimeout(10_000);
      byte[] request = reconfigureRequest(ALICE).encode().toArray();
      socket.send(new DatagramPacket(request, request.length, channel.localAddress()));
      List<MessageType> types = new ArrayList<>();
      types.add(receive(socket).type());
      types.add(receive(socket).type());
      assertThat(types)
          .containsExactlyInAnyOrder(MessageType.RECONFIGURE_REPLY, MessageType.RELAY_REPL);
    }
    channel.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static Message receive(DatagramSocket socket) throws IOException, MalformedException {
    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
    socket.receive(packet);
    return Message.parse(Octets.copyOf(packet.getData(), 0, packet.getLength()));
  }

  @Test
  void failsWhenThePortIsTaken() throws Exception {
    SimulatedServerChannel first = open(ANY_PORT, Duration.ZERO);
    assertThatThrownBy(() -> open(first.localAddress(), Duration.ZERO))
        .hasCauseInstanceOf(IOException.class);
  }
}
