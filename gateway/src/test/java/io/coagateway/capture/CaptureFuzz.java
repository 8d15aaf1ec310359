package io.coagateway.capture;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Any octets as a capture, pcap or pcapng: frames, then an end or a reason. The same frames whether
 * the stream comes at once or octet for octet; the first of them when it breaks off; the same again
 * when they are written as pcapng and read.
 */
public final class CaptureFuzz {
  /** The last second whose nanoseconds fit 63 bits. */
  private static final long LAST_SECOND = (1L << 33) - 1;

  private CaptureFuzz() {}

  /** Where to start: captures of tcpdump and dumpcap, and the first written by us. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("capture").hex("capture", "capture");
    Read first = read(new ByteArrayInputStream(seeds.inputs().get(0)));
    return seeds.add(written(first.frames()).toArray());
  }

  /**
   * What a stream gave.
   *
   * @param end why no more frames came; empty: it was at its end
   */
  private record Read(List<CapturedFrame> frames, Optional<String> end) {}

  private static Read read(InputStream stream) {
    List<CapturedFrame> frames = new ArrayList<>();
    try {
      CaptureReader reader = CaptureReader.open(stream);
      for (Optional<CapturedFrame> one = reader.next(); one.isPresent(); one = reader.next()) {
        frames.add(one.get());
      }
      return new Read(frames, Optional.empty());
    } catch (MalformedException e) {
      require(!e.getMessage().isEmpty(), () -> "no reason");
      return new Read(frames, Optional.of(e.getMessage()));
    } catch (IOException e) {
      throw new AssertionError("an array is readable", e);
    }
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    Read whole = read(new ByteArrayInputStream(input));
    equal(read(new OctetByOctet(input)), whole, "read octet for octet");
    long octets = whole.frames().stream().mapToLong(frame -> frame.data().length()).sum();
    require(octets <= input.length, () -> octets + " octets of " + input.length);
    byte[] part = Arrays.copyOf(input, input.length - input.length / 3);
    List<CapturedFrame> before = read(new ByteArrayInputStream(part)).frames();
    require(
        before.size() <= whole.frames().size(), () -> "a part has " + before.size() + " frames");
    equal(before, whole.frames().subList(0, before.size()), "frames of a part");
    boolean writable =
        whole.frames().stream()
            .allMatch(f -> f.seen().getEpochSecond() <= LAST_SECOND && f.length() >= 0);
    if (writable && !whole.frames().isEmpty()) {
      Read again = read(new ByteArrayInputStream(written(whole.frames()).toArray()));
      equal(again, new Read(whole.frames(), Optional.empty()), "written and read again");
    }
  }

  /** As pcapng, big endian, an interface in nanoseconds before each frame of another link type. */
  private static Octets written(List<CapturedFrame> frames) {
    OctetWriter out = new OctetWriter();
    out.u32(0x0a0d0d0aL).u32(28).u32(0x1a2b3c4d).u16(1).u16(0).u32(-1 & 0xffffffffL);
    out.u32(0xffffffffL).u32(28);
    List<Integer> interfaces = new ArrayList<>();
    for (CapturedFrame frame : frames) {
      if (!interfaces.contains(frame.linkType())) {
        interfaces.add(frame.linkType());
        out.u32(1).u32(32).u16(frame.linkType()).u16(0).u32(0);
        out.u16(9).u16(1).u8(9).zeros(3).u16(0).u16(0).u32(32);
      }
      int length = frame.data().length();
      int padded = (length + 3) / 4 * 4;
      long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, frame.seen());
      out.u32(6).u32(32 + padded).u32(interfaces.indexOf(frame.linkType()));
      out.u64(nanos).u32(length).u32(frame.length());
      out.octets(frame.data()).zeros(padded - length).u32(32 + padded);
    }
    return out.toOctets();
  }

  /** Gives one octet at a time, whatever is asked for. */
  private static final class OctetByOctet extends FilterInputStream {
    OctetByOctet(byte[] octets) {
      super(new ByteArrayInputStream(octets));
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      return super.read(into, at, Math.min(1, length));
    }

    @Override
    public int available() {
      return 0;
    }
  }
}
