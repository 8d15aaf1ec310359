package io.coagateway.das;

import io.coagateway.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** Between Netty's datagrams and octets: everything behind it knows no buffer. */
final class RadiusDatagramCodec extends ChannelDuplexHandler {
  /**
   * A datagram that came in.
   *
   * @param octets all of it, in memory of its own
   */
  record Incoming(Octets octets, InetSocketAddress source) {}

  /**
   * A datagram to be sent.
   *
   * @param octets given away by the sender
   */
  @SuppressWarnings("ArrayRecordComponent") // lives between two handlers, is never compared
  record Outgoing(byte[] octets, InetSocketAddress to) {}

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket datagram = (DatagramPacket) message;
    Incoming incoming;
    try {
      incoming =
          new Incoming(Octets.wrap(ByteBufUtil.getBytes(datagram.content())), datagram.sender());
    } finally {
      datagram.release();
    }
    context.fireChannelRead(incoming);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which is the caller's
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    Outgoing datagram = (Outgoing) message;
    ByteBuf buffer = context.alloc().directBuffer(datagram.octets().length);
    context.write(new DatagramPacket(buffer.writeBytes(datagram.octets()), datagram.to()), promise);
  }
}
