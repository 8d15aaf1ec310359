package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.coagateway.machine.TestMachine;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.wire.AddressText;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Real sockets, which nobody reads: what the kernel drops tells how much it may hold. */
class ListenSocketsTest {
  private static final int DATAGRAMS = 100;

  /** Room for a few datagrams of the least size; the kernel counts some 768 octets for each. */
  private static final int SMALL = 4096;

  private static final int LARGE = 1 << 17;

  private final List<DasSocket> opened = new ArrayList<>();
  private MultiThreadIoEventLoopGroup group;
  private IoEventLoop loop;
  private ListenSockets sockets;

  @BeforeEach
  void open() {
    TestMachine.needsEpoll();
    group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    loop = group.next();
    sockets = new ListenSockets(loop, this::unread);
  }

  private DasSocket unread(InetSocketAddress address) {
    ExecutorTimers timers = new ExecutorTimers(loop);
    OpenSockets none = new OpenSockets();
    none.read(false);
    DasSocket socket =
        new DasSocket(null, new FloodShield(timers), none, () -> {}, timers, address);
    opened.add(socket);
    return socket;
  }

  @AfterEach
  void close() {
    if (group != null) { // where there is no epoll
      sockets.close();
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @Test
  void aSocketThatStaysOpenGetsAChangedReceiveBuffer() throws IOException {
    List<InetSocketAddress> listen = List.of(Bench.socket("127.0.0.1", 0));
    sockets.change(listen, SMALL);
    assertThat(droppedOf(DATAGRAMS)).isPositive();

    sockets.change(listen, LARGE);
    assertThat(droppedOf(DATAGRAMS)).isZero();
    assertThat(opened).hasSize(1);
  }

  @Test
  void aReloadTellsWhatItOpensAndCloses() throws IOException {
    Logger logger = (Logger) LoggerFactory.getLogger(ListenSockets.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      sockets.change(List.of(Bench.socket("127.0.0.1", 0)), SMALL);
      assertThat(lines.list).isEmpty(); // "started" names them
      InetSocketAddress next = Bench.socket("::1", freePort());
      sockets.change(List.of(next), SMALL);
      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly(
              "listening-begun address=" + AddressText.of(next),
              "listening-ended address=127.0.0.1:0");
    } finally {
      logger.detachAppender(lines);
    }
  }

  /** On a NAS all interfaces may have fe80::1; here none has it, which is told of each. */
  @Test
  void aWildcardStandsForOneAddressInEachOfItsZones() throws IOException {
    List<InetAddress> local = new ArrayList<>();
    ListenSockets following = new ListenSockets(loop, this::unread, local::stream);
    Logger logger = (Logger) LoggerFactory.getLogger(ListenSockets.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      following.change(List.of(Bench.socket("::", freePort())), SMALL);
      local.add(in(1, "fe80::1"));
      local.add(in(99_999_999, "fe80::1"));
      following.follow();
      following.follow(); // told once
      assertThat(lines.list)
          .hasSize(2)
          .allSatisfy(
              line ->
                  assertThat(line.getFormattedMessage())
                      .startsWith("listening-failed address=[fe80::1%"));
    } finally {
      logger.detachAppender(lines);
      following.close();
    }
  }

  /** {@code java.net} names a zone with each address of an interface. */
  @Test
  void anAddressThatWasListedStaysOpenUnderAWildcard() throws IOException {
    InetSocketAddress listed = Bench.socket("::1", freePort());
    ListenSockets following = new ListenSockets(loop, this::unread, () -> Stream.of(in(1, "::1")));
    try {
      following.change(List.of(listed), SMALL);
      following.change(List.of(Bench.socket("::", listed.getPort())), SMALL);
      assertThat(opened).hasSize(1);
    } finally {
      following.close();
    }
  }

  private static InetAddress in(int zone, String address) {
    try {
      byte[] octets = NetUtil.createByteArrayFromIpAddressString(address);
      return Inet6Address.getByAddress(null, octets, zone);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static int freePort() throws IOException {
    try (DatagramSocket free = new DatagramSocket(0)) {
      return free.getLocalPort();
    }
  }

  private int droppedOf(int datagrams) throws IOException {
    int before = opened.get(0).drops();
    try (DatagramSocket sender = new DatagramSocket()) {
      for (int i = 0; i < datagrams; i++) {
        sender.send(new DatagramPacket(new byte[20], 20, sockets.addresses().get(0)));
      }
    }
    return opened.get(0).drops() - before;
  }
}
