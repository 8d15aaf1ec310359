package io.coagateway.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.coagateway.machine.TestMachine;
import io.coagateway.wire.Octets;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramCodecTest {
  private static final int WORTH = SegmentedWrites.WORTH;
  private static final int MOST = SegmentedWrites.MOST_SEGMENTS;
  private static final InetSocketAddress DAC = new InetSocketAddress("192.0.2.1", 40000);
  private static final InetSocketAddress SERVER = new InetSocketAddress("2001:db8::547", 547);

  /** What stands between the codec and the wire; fails what it is told to. */
  private final class Kernel extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (refuses.test(message)) {
        ReferenceCountUtil.release(message);
        promise.setFailure(new IOException("Invalid argument"));
      } else {
        var unused = context.write(message, promise);
      }
    }
  }

  /** Hears what could not be sent. */
  private final class Listener extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failures.add(cause.getMessage());
    }
  }

  private final List<String> failures = new ArrayList<>();
  private Predicate<Object> refuses = message -> false;
  private EmbeddedChannel channel =
      new EmbeddedChannel(new Kernel(), new DatagramCodec(any -> true), new Listener());

  @AfterEach
  void nothingLeaks() {
    channel.finishAndReleaseAll();
  }

  /** A datagram of {@code length} octets that is like no other with another number. */
  private static Datagram datagram(int number, int length, InetSocketAddress to) {
    byte[] octets = new byte[length];
    Arrays.fill(octets, (byte) number);
    return new Datagram(Octets.wrap(octets), to);
  }

  private void write(Datagram datagram) {
    var unused = channel.write(datagram, channel.voidPromise());
  }

  private void write(int from, int to, int length, InetSocketAddress peer) {
    IntStream.range(from, to).forEach(number -> write(datagram(number, length, peer)));
  }

  /** What left: its peer, how long each segment is, its octets. */
  private record Left(InetSocketAddress peer, int segment, Octets octets) {
    static Left of(io.netty.channel.socket.DatagramPacket packet) {
      int segment = packet instanceof SegmentedDatagramPacket cut ? cut.segmentSize() : 0;
      return new Left(
          packet.recipient(), segment, Octets.wrap(ByteBufUtil.getBytes(packet.content())));
    }

    int datagrams() {
      return segment == 0 ? 1 : octets.length() / segment;
    }
  }

  private List<Left> flush() {
    channel.flush();
    channel.runPendingTasks();
    List<Left> left = new ArrayList<>();
    for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      left.add(Left.of((io.netty.channel.socket.DatagramPacket) out));
      ReferenceCountUtil.release(out);
    }
    return left;
  }

  private static List<Integer> datagramsOfEach(List<Left> left) {
    return left.stream().map(Left::datagrams).toList();
  }

  @Test
  void nothingLeavesBeforeTheFlush() {
    write(0, WORTH, 38, DAC);
    assertThat(channel.<Object>readOutbound()).isNull();
    assertThat(flush()).hasSize(1);
  }

  @Test
  void fewLeaveOneByOne() {
    write(0, WORTH - 1, 38, DAC);
    List<Left> left = flush();
    assertThat(left).hasSize(WORTH - 1).allMatch(one -> one.segment() == 0);
    assertThat(left.get(3)).isEqualTo(new Left(DAC, 0, datagram(3, 38, DAC).octets()));
  }

  @Test
  void manyOfOneLengthToOnePeerLeaveInOnePiece() {
    write(0, WORTH, 38, DAC);
    List<Left> left = flush();
    assertThat(left).hasSize(1);
    assertThat(left.get(0).peer()).isEqualTo(DAC);
    assertThat(left.get(0).segment()).isEqualTo(38);
    assertThat(left.get(0).octets().length()).isEqualTo(WORTH * 38);
    for (int number = 0; number < WORTH; number++) {
      assertThat(left.get(0).octets().slice(number * 38, number * 38 + 38))
          .isEqualTo(datagram(number, 38, DAC).octets());
    }
  }

  @Test
  void otherLengthsAndPeersLeaveForThemselves() {
    for (int number = 0; number < WORTH; number++) {
      write(datagram(number, 38, DAC));
      write(datagram(number, 44, DAC));
      write(datagram(number, 38, SERVER));
    }
    assertThat(flush())
        .extracting(Left::peer, Left::segment, Left::datagrams)
        .containsExactly(tuple(DAC, 38, WORTH), tuple(DAC, 44, WORTH), tuple(SERVER, 38, WORTH));
  }

  @Test
  void onePieceHasNoMoreSegmentsThanAnyKernelCuts() {
    write(0, MOST + WORTH, 38, DAC);
    assertThat(datagramsOfEach(flush())).containsExactly(MOST, WORTH);
  }

  @Test
  void onePieceIsNoLongerThanADatagramMayBe() {
    write(0, MOST, SegmentedWrites.LARGEST_SEGMENT, DAC);
    assertThat(flush()).allMatch(one -> one.octets().length() < 65_000).hasSize(2);
  }

  @Test
  void whatMayNotFitThePathLeavesAlone() {
    write(0, 3 * WORTH, SegmentedWrites.LARGEST_SEGMENT + 1, DAC);
    assertThat(flush()).hasSize(3 * WORTH).allMatch(one -> one.segment() == 0);
  }

  @Test
  void ofManyKindsNoneIsLost() {
    for (int round = 0; round < 2; round++) {
      for (int kind = 0; kind < 100; kind++) {
        write(datagram(kind, 20 + kind, DAC));
      }
    }
    assertThat(flush())
        .extracting(one -> one.octets().length())
        .hasSize(200)
        .containsAll(IntStream.range(20, 120).boxed().toList());
  }

  @Test
  void aTransportThatCannotCutGetsThemOneByOne() {
    channel.finishAndReleaseAll();
    channel = new EmbeddedChannel(new DatagramCodec(any -> false));
    write(0, MOST, 38, DAC);
    assertThat(flush()).hasSize(MOST).allMatch(one -> one.segment() == 0);
  }

  @Test
  void whenTheKernelRefusesToCutAllLeaveOneByOneForEver() {
    refuses = SegmentedDatagramPacket.class::isInstance;
    write(0, WORTH, 38, DAC);
    List<Left> left = flush();
    assertThat(left).hasSize(WORTH);
    for (int number = 0; number < WORTH; number++) {
      assertThat(left.get(number).octets()).isEqualTo(datagram(number, 38, DAC).octets());
    }
    refuses = message -> false;
    write(0, WORTH, 38, DAC);
    assertThat(flush()).hasSize(WORTH);
    assertThat(failures).isEmpty();
  }

  @Test
  void whenNoDatagramCanLeaveCuttingIsNotToBlame() {
    refuses = message -> true;
    write(0, WORTH, 38, DAC);
    assertThat(flush()).isEmpty();
    assertThat(failures).hasSize(WORTH).containsOnly("Invalid argument");
    refuses = message -> false;
    write(0, WORTH, 38, DAC);
    assertThat(flush()).hasSize(1);
  }

  @Test
  void nobodyMayWaitForOneDatagram() {
    assertThatThrownBy(() -> channel.write(datagram(1, 38, DAC)).syncUninterruptibly())
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** One kernel cuts, and the same hands over what it has cut. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aRealKernelCutsWhereItShould(String address) throws Exception {
    TestMachine.needsEpoll();
    InetAddress loopback = InetAddress.getByName(address);
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (DatagramSocket peer = new DatagramSocket(0, loopback)) {
      peer.setSoTimeout(20_000);
      peer.setReceiveBufferSize(1 << 19);
      InetSocketAddress to = new InetSocketAddress(loopback, peer.getLocalPort());
      Channel socket =
          new Bootstrap()
              .group(group)
              .channel(EpollDatagramChannel.class)
              .handler(new DatagramCodec())
              .bind(new InetSocketAddress(loopback, 0))
              .syncUninterruptibly()
              .channel();
      socket.eventLoop().execute(() -> sendAll(socket, to));
      byte[] room = new byte[2048];
      for (int number = 0; number < 2 * MOST; number++) {
        DatagramPacket packet = new DatagramPacket(room, room.length);
        peer.receive(packet);
        assertThat(Octets.copyOf(room, 0, packet.getLength()))
            .isEqualTo(datagram(number, number < MOST ? 38 : 1232, to).octets());
      }
      socket.close().syncUninterruptibly();
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static void sendAll(Channel socket, InetSocketAddress to) {
    for (int number = 0; number < 2 * MOST; number++) {
      var unused =
          socket.write(datagram(number, number < MOST ? 38 : 1232, to), socket.voidPromise());
    }
    socket.flush();
  }
}
