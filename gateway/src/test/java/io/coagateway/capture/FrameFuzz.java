package io.coagateway.capture;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Any frames in any order: each gives one datagram, one reason why not, or a fragment that waits; a
 * datagram that was found is found again in a plain Ethernet frame and in two fragments of it.
 *
 * <p>The first octet of a step: the low nibble says of which link type its frame is, 0x10 that the
 * capture kept less than there was, 0x20 that half a minute passes before it.
 */
public final class FrameFuzz {
  private static final int[] LINK_TYPES = {1, 113, 276, 101, 0, 108, 12, 14, 229, 147};
  private static final int MAX_FRAMES = 200;

  private FrameFuzz() {}

  /** Where to start: the frames of the captures, and a datagram in fragments. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("captured-frame");
    for (Vector vector : VectorFile.folder("capture")) {
      for (CapturedFrame frame : frames(vector.hex("capture"))) {
        for (int i = 0; i < LINK_TYPES.length; i++) {
          if (LINK_TYPES[i] == frame.linkType()) {
            seeds.add(Seeds.step(i, frame.data()));
          }
        }
        for (CapturedDatagram found :
            new DatagramReader((reason, detail) -> {}).read(frame).stream().toList()) {
          Octets pieces = Octets.EMPTY;
          for (Octets piece : inTwo(udp(found), found, 8)) {
            pieces = pieces.plus(Octets.wrap(Seeds.step(3, piece)));
          }
          seeds.add(pieces.toArray());
        }
      }
    }
    return seeds;
  }

  private static List<CapturedFrame> frames(Octets capture) {
    List<CapturedFrame> frames = new ArrayList<>();
    try {
      CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(capture.toArray()));
      for (Optional<CapturedFrame> one = reader.next(); one.isPresent(); one = reader.next()) {
        frames.add(one.get());
      }
    } catch (IOException | MalformedException e) {
      return frames; // some vectors are broken on purpose
    }
    return frames;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    List<FrameSkip> skipped = new ArrayList<>();
    DatagramReader reader =
        new DatagramReader(
            (reason, detail) -> {
              require(!detail.isEmpty(), () -> "no detail");
              skipped.add(reason);
            });
    Instant now = Instant.ofEpochSecond(0x68000000L);
    Steps steps = new Steps(input);
    int frames = 0;
    while (steps.next() && frames++ < MAX_FRAMES) {
      now = now.plusSeconds(steps.has(0x20) ? 30 : 0);
      Octets data = steps.octets();
      CapturedFrame frame =
          new CapturedFrame(
              LINK_TYPES[(steps.what() & 0xf) % LINK_TYPES.length],
              now,
              data,
              data.length() + (steps.has(0x10) ? 9 : 0));
      int before = skipped.size();
      Optional<CapturedDatagram> found = reader.read(frame);
      List<FrameSkip> why = skipped.subList(before, skipped.size());
      long reasons = why.stream().filter(reason -> reason != FrameSkip.LOST_FRAGMENT).count();
      require(reasons + (found.isPresent() ? 1 : 0) <= 1, () -> "a frame gave " + found + why);
      require(reader.waiting() <= 64, () -> reader.waiting() + " packets wait for fragments");
      found.ifPresent(FrameFuzz::check);
    }
  }

  private static void check(CapturedDatagram found) {
    require(
        found.sourcePort() == DatagramReader.PORT || found.destinationPort() == DatagramReader.PORT,
        () -> "ports " + found.sourcePort() + " and " + found.destinationPort());
    require(found.payload().length() <= 65_535 - 8, () -> "of " + found.payload().length());
    Octets udp = udp(found);
    DatagramReader fresh =
        new DatagramReader(
            (reason, detail) -> {
              throw new AssertionError(reason + ": " + detail);
            });
    Octets ethernet =
        new OctetWriter().zeros(12).u16(0x86dd).octets(ipv6(17, udp, found)).toOctets();
    equal(read(fresh, 1, ethernet, found), Optional.of(found), "in an Ethernet frame");
    if (udp.length() > 16) {
      List<Octets> pieces = inTwo(udp, found, udp.length() / 16 * 8);
      equal(read(fresh, 101, pieces.get(1), found), Optional.empty(), "the second half");
      equal(read(fresh, 101, pieces.get(0), found), Optional.of(found), "both halves");
    }
  }

  private static Optional<CapturedDatagram> read(
      DatagramReader reader, int linkType, Octets data, CapturedDatagram like) {
    return reader.read(new CapturedFrame(linkType, like.seen(), data, data.length()));
  }

  private static Octets udp(CapturedDatagram of) {
    return new OctetWriter()
        .u16(of.sourcePort())
        .u16(of.destinationPort())
        .u16(8 + of.payload().length())
        .u16(0)
        .octets(of.payload())
        .toOctets();
  }

  private static Octets ipv6(int next, Octets payload, CapturedDatagram of) {
    return new OctetWriter()
        .u32(0x60000000L)
        .u16(payload.length())
        .u8(next)
        .u8(64)
        .ipv6(of.source())
        .ipv6(of.destination())
        .octets(payload)
        .toOctets();
  }

  /** Two fragments, the first of {@code cut} octets, which is a multiple of 8. */
  private static List<Octets> inTwo(Octets udp, CapturedDatagram of, int cut) {
    Octets first =
        new OctetWriter().u8(17).u8(0).u16(1).u32(77).octets(udp.slice(0, cut)).toOctets();
    Octets second =
        new OctetWriter().u8(17).u8(0).u16(cut).u32(77).octets(udp.from(cut)).toOctets();
    return List.of(ipv6(44, first, of), ipv6(44, second, of));
  }
}
