package io.coagateway.radsec;

import io.coagateway.radius.RadiusPacket;
import io.coagateway.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the stream into packets by their Length fields (RFC 6614 section 3.4 (1)): there is no
 * padding, what follows is the next packet. A Length that no packet can have ends it all (RFC 6613
 * section 2.6.4); at most one packet is ever kept waiting for its end.
 */
final class RadiusFrames extends ByteToMessageDecoder {
  /** Passed on as an event: the Length field, 0 to 65535, that is not 20 to 4096. */
  record BadLength(int length) {}

  private static final int LENGTH_AT = 2;
  private static final int LENGTH_END = 4;

  private boolean lost;

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (lost) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (in.readableBytes() < LENGTH_END) {
      return;
    }
    int length = in.getUnsignedShort(in.readerIndex() + LENGTH_AT);
    if (length < RadiusPacket.HEADER_LENGTH || length > RadiusPacket.MAX_LENGTH) {
      lost = true;
      in.skipBytes(in.readableBytes());
      context.fireUserEventTriggered(new BadLength(length));
    } else if (in.readableBytes() >= length) {
      byte[] octets = new byte[length];
      in.readBytes(octets);
      out.add(Octets.wrap(octets));
    }
  }

  /** Whether a packet has begun and not ended. */
  boolean isWaiting() {
    return waitingOctets() > 0;
  }

  /** How much of it is there: fewer than 4096 octets. */
  int waitingOctets() {
    return actualReadableBytes();
  }
}
