package io.coagateway.das;

import io.coagateway.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.MessageToMessageCodec;
import java.net.InetSocketAddress;
import java.util.List;

/** Between Netty's datagrams and octets: everything behind it knows no buffer. */
final class RadiusDatagramCodec
    extends MessageToMessageCodec<DatagramPacket, RadiusDatagramCodec.Outgoing> {
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

  RadiusDatagramCodec() {
    super(DatagramPacket.class, Outgoing.class);
  }

  @Override
  protected void decode(ChannelHandlerContext context, DatagramPacket datagram, List<Object> out) {
    out.add(new Incoming(Octets.wrap(ByteBufUtil.getBytes(datagram.content())), datagram.sender()));
  }

  @Override
  protected void encode(ChannelHandlerContext context, Outgoing datagram, List<Object> out) {
    ByteBuf buffer = context.alloc().directBuffer(datagram.octets().length);
    out.add(new DatagramPacket(buffer.writeBytes(datagram.octets()), datagram.to()));
  }
}
