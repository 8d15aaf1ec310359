package io.coagateway.relay;

import io.coagateway.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;

/** Netty's datagrams to ours and back: the border that no buffer crosses. */
final class DatagramCodec extends ChannelDuplexHandler {
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

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which is the caller's
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    Datagram datagram = (Datagram) message;
    Octets octets = datagram.octets();
    ByteBuf buffer = context.alloc().directBuffer(octets.length());
    buffer.writeBytes(octets.asByteBuffer());
    context.write(new DatagramPacket(buffer, datagram.peer()), promise);
  }
}
