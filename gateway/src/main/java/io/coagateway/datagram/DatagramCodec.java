package io.coagateway.datagram;

import io.coagateway.wire.Octets;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.util.function.Predicate;

/**
 * Netty's datagrams to ours and back: the border that no buffer crosses. What is written leaves
 * with the next flush; what is the same for many datagrams is done once then, see {@link
 * SegmentedWrites}.
 */
public final class DatagramCodec extends ChannelDuplexHandler {
  private final Predicate<Channel> canSegment;
  private SegmentedWrites writes;

  /** For one socket. */
  public DatagramCodec() {
    this(
        channel ->
            channel instanceof EpollDatagramChannel
                && EpollDatagramChannel.isSegmentedDatagramPacketSupported());
  }

  /**
   * @param canSegment whether the kernel behind a channel cuts datagrams
   */
  DatagramCodec(Predicate<Channel> canSegment) {
    this.canSegment = canSegment;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    writes = new SegmentedWrites(context, canSegment.test(context.channel()));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    Datagram datagram;
    try {
      datagram = new Datagram(Octets.wrap(ByteBufUtil.getBytes(packet.content())), packet.sender());
    } finally {
      packet.release();
    }
    context.fireChannelRead(datagram);
  }

  /** Takes a {@link Datagram}. The promise must be void: nobody is told what became of one. */
  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!promise.isVoid()) {
      throw new IllegalArgumentException("nobody is told what became of one datagram");
    }
    writes.add((Datagram) message);
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    writes.handOver();
    context.flush();
  }
}
