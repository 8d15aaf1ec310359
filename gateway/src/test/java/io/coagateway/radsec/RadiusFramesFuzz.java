package io.coagateway.radsec;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Any stream over TLS: the packets that the Length fields say, however the stream is cut, and a
 * Length that no packet can have ends it once. The first octet says how it is cut.
 */
public final class RadiusFramesFuzz {
  private RadiusFramesFuzz() {}

  /** Where to start: packets one after the other, cut in several ways. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("radius-frames");
    OctetWriter stream = new OctetWriter();
    for (var vector : VectorFile.file("radius/attributes.txt")) {
      Octets attributes = vector.hex("hex");
      stream.u8(43).u8(7).u16(20 + attributes.length()).zeros(16).octets(attributes);
      Octets packets = stream.toOctets();
      if (packets.length() > 1000) {
        seeds.add(Octets.wrap(new byte[] {(byte) packets.length()}).plus(packets).toArray());
        stream = new OctetWriter();
      }
    }
    return seeds
        .addHex("05 2b070014 00000000000000000000000000000000 2b070013 2b07")
        .addHex("01 2b071001");
  }

  /** What came out: packets, and the Length that ended it. */
  private record Cut(List<Object> events, boolean waiting) {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int pieces = input[0] & 0xff;
    Octets stream = Octets.wrap(input).from(1);
    Cut expected = byLength(stream);
    equal(byDecoder(stream, stream.length()), expected, "at once");
    equal(byDecoder(stream, 1 + pieces), expected, "in pieces of " + (1 + pieces));
  }

  /** RFC 6613 section 2.6.4, worked anew. */
  private static Cut byLength(Octets stream) {
    List<Object> events = new ArrayList<>();
    int at = 0;
    while (stream.length() - at >= 4) {
      int length = stream.u16(at + 2);
      if (length < 20 || length > 4096) {
        events.add(new RadiusFrames.BadLength(length));
        return new Cut(events, false);
      }
      if (stream.length() - at < length) {
        break;
      }
      events.add(stream.slice(at, at + length));
      at += length;
    }
    return new Cut(events, at < stream.length());
  }

  private static Cut byDecoder(Octets stream, int piece) {
    List<Object> events = new ArrayList<>();
    RadiusFrames frames = new RadiusFrames();
    EmbeddedChannel channel = new EmbeddedChannel(frames, new Collector(events));
    int longest = 0;
    for (int at = 0; at < stream.length(); at += piece) {
      Octets part = stream.slice(at, Math.min(stream.length(), at + piece));
      channel.writeInbound(Unpooled.wrappedBuffer(part.toArray()));
      longest = Math.max(longest, frames.waitingOctets());
    }
    int most = longest;
    require(most < RadiusPacket.MAX_LENGTH, () -> most + " octets were kept waiting");
    Cut cut = new Cut(List.copyOf(events), frames.isWaiting());
    channel.finishAndReleaseAll();
    equal(events.size(), cut.events().size(), "events, when it closes");
    return cut;
  }

  private static final class Collector extends ChannelInboundHandlerAdapter {
    private final List<Object> events;

    Collector(List<Object> events) {
      this.events = events;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      events.add(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof RadiusFrames.BadLength) {
        events.add(event);
      }
    }
  }
}
