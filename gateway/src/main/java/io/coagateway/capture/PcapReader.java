package io.coagateway.capture;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** The classic format (draft-ietf-opsawg-pcap): a header, then records. */
final class PcapReader implements CaptureReader {
  private static final int RECORD_HEADER = 16;

  private final CaptureInput in;
  private final boolean swapped;
  private final int nanosPerUnit;
  private final int linkType;

  /**
   * @param in after the magic number
   * @param swapped little endian
   * @param nanosPerUnit of the fraction of a second
   */
  PcapReader(CaptureInput in, boolean swapped, int nanosPerUnit)
      throws IOException, MalformedException {
    this.in = in;
    this.swapped = swapped;
    this.nanosPerUnit = nanosPerUnit;
    Octets header = in.octets(20, "file header");
    this.linkType = (int) u32(header, 16) & 0xffff; // above it the length of a checksum, unused
  }

  private long u32(Octets octets, int at) {
    long value = octets.u32(at);
    return swapped ? Integer.toUnsignedLong(Integer.reverseBytes((int) value)) : value;
  }

  @Override
  public Optional<CapturedFrame> next() throws IOException, MalformedException {
    Optional<Octets> header = in.octetsOrEnd(RECORD_HEADER, "frame header");
    if (header.isEmpty()) {
      return Optional.empty();
    }
    long seconds = u32(header.get(), 0);
    long nanos = u32(header.get(), 4) * nanosPerUnit;
    long kept = u32(header.get(), 8);
    if (kept > MAX_FRAME) {
      throw in.malformed("is broken: a frame of " + kept + " octets");
    }
    Octets data = in.octets((int) kept, "frame");
    return Optional.of(
        new CapturedFrame(
            linkType, Instant.ofEpochSecond(seconds, nanos), data, u32(header.get(), 12)));
  }
}
