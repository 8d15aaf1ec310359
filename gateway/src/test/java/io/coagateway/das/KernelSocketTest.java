package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.das.SourceFilter.Share;
import io.coagateway.machine.TestMachine;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of the kernel, asked of a real one. Nobody reads the socket. */
class KernelSocketTest {
  private static final int LENGTH = 200;

  private MultiThreadIoEventLoopGroup group;

  @BeforeEach
  void open() {
    TestMachine.needsEpoll();
    group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  @AfterEach
  void close() {
    if (group != null) { // where there is no epoll
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private Channel unread(String address) {
    return new Bootstrap()
        .group(group)
        .channel(EpollDatagramChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.SO_RCVBUF, 1 << 19)
        .handler(new ChannelInboundHandlerAdapter())
        .bind(Bench.socket(address, 0))
        .awaitUninterruptibly()
        .channel();
  }

  private static void send(DatagramSocket from, Channel to, int number) throws IOException {
    for (int i = 0; i < number; i++) {
      from.send(
          new DatagramPacket(new byte[LENGTH], LENGTH, (InetSocketAddress) to.localAddress()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void whatComesFromTheClientsPortsIsKeptAndOfTheRestOneInN(String address) throws IOException {
    Channel channel = unread(address);
    KernelSocket socket = KernelSocket.of(channel).orElseThrow();
    boolean ipv4 = address.indexOf(':') < 0;
    try (DatagramSocket known = new DatagramSocket(Bench.socket(address, 0));
        DatagramSocket other = new DatagramSocket(Bench.socket(address, 0))) {
      Share share = new Share(1, 4096, List.of(1812, known.getLocalPort()));
      socket.attach(
          SourceFilter.of(Map.of(AddressRange.parse(address), share), ipv4, 4096).orElseThrow());
      send(known, channel, 100);
      assertThat(socket.drops()).isZero();
      send(other, channel, 100);
      assertThat(socket.drops()).isBetween(95, 100); // one in 4096 may be kept
      int dropped = socket.drops();
      socket.detach();
      send(other, channel, 100);
      assertThat(socket.drops()).isEqualTo(dropped);
    } finally {
      channel.close().awaitUninterruptibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aBufferFillsUpBeforeAnythingIsDropped(String address) throws IOException {
    Channel channel = unread(address);
    KernelSocket socket = KernelSocket.of(channel).orElseThrow();
    try (DatagramSocket sender = new DatagramSocket(Bench.socket(address, 0))) {
      send(sender, channel, 10);
      assertThat(socket.isFillingUp()).isFalse();
      for (int i = 0; i < 100_000 && !socket.isFillingUp(); i++) {
        send(sender, channel, 1);
      }
      assertThat(socket.isFillingUp()).isTrue();
      assertThat(socket.drops()).isZero();
    } finally {
      channel.close().awaitUninterruptibly();
    }
    assertThat(socket.isFillingUp()).isFalse();
  }
}
