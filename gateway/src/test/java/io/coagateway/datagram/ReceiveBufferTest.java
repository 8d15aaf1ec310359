package io.coagateway.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.coagateway.machine.TestMachine;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Real sockets: the kernel says what it grants. */
class ReceiveBufferTest {
  /** More than Linux grants at all: at most half of the largest int (net/core/sock.c). */
  private static final int TOO_MUCH = Integer.MAX_VALUE;

  /** Below the limit of any kernel, and a number that it need not round. */
  private static final int LITTLE = 1 << 16;

  @Test
  void tellsWhatWasGrantedInTheTermsOfWhatWasAskedForOnNio() {
    tellsWhatWasGranted(NioIoHandler.newFactory());
  }

  @Test
  void tellsWhatWasGrantedInTheTermsOfWhatWasAskedForOnEpoll() {
    TestMachine.needsEpoll();
    tellsWhatWasGranted(EpollIoHandler.newFactory());
  }

  private static void tellsWhatWasGranted(IoHandlerFactory io) {
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(ReceiveBuffer.class);
    lines.start();
    logger.addAppender(lines);
    try {
      String local = "[::1]:10546";
      Channel enough = open(group.next(), LITTLE);
      assertThat(ReceiveBuffer.granted(enough)).isEqualTo(LITTLE);
      ReceiveBuffer.warnIfLess(enough, local, LITTLE);
      assertThat(lines.list).isEmpty();

      // one octet more than was asked for: it is the half that counts
      ReceiveBuffer.warnIfLess(enough, local, LITTLE + 1);
      assertThat(words(lines.list))
          .containsExactly(
              "small-receive-buffer local=[::1]:10546 wanted=65537 granted=65536"
                  + " remedy=\"sysctl -w net.core.rmem_max=65537\"");

      Channel cut = open(group.next(), TOO_MUCH);
      assertThat(ReceiveBuffer.granted(cut)).isLessThanOrEqualTo(TOO_MUCH / 2);
    } finally {
      logger.detachAppender(lines);
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static Channel open(IoEventLoop loop, int octets) {
    InetSocketAddress any = new InetSocketAddress(NetUtil.LOCALHOST6, 0);
    return new Bootstrap()
        .group(loop)
        .channelFactory(DatagramChannels.factory(loop, any.getAddress()))
        .option(ChannelOption.SO_RCVBUF, octets)
        .handler(new ChannelInboundHandlerAdapter())
        .bind(any)
        .awaitUninterruptibly()
        .channel();
  }

  private static List<String> words(List<ILoggingEvent> events) {
    return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
