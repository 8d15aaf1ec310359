package io.coagateway.relay;

import io.coagateway.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.MessageToMessageCodec;
import java.util.List;

/** Netty's datagrams to ours and back: the border that no buffer crosses. */
final class DatagramCodec extends MessageToMessageCodec<DatagramPacket, Datagram> {
  DatagramCodec() {
    super(DatagramPacket.class, Datagram.class);
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, Datagram datagram, List<Object> out) {
    Octets octets = datagram.octets();
    ByteBuf buffer = ctx.alloc().ioBuffer(octets.length());
    buffer.writeBytes(octets.asByteBuffer());
    out.add(new DatagramPacket(buffer, datagram.peer()));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, DatagramPacket packet, List<Object> out) {
    ByteBuf content = packet.content();
    byte[] octets = new byte[content.readableBytes()];
    content.readBytes(octets);
    out.add(new Datagram(Octets.wrap(octets), packet.sender()));
  }
}
