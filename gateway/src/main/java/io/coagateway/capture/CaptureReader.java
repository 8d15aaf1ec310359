package io.coagateway.capture;

import io.coagateway.wire.MalformedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The frames of a capture, one after the other, as soon as each is there: pcap with microseconds or
 * nanoseconds in either byte order, and pcapng. Nothing is read ahead of what the stream has, so
 * that a frame of a live capture is seen when tcpdump has written it.
 *
 * <p>Not thread-safe.
 */
public interface CaptureReader {
  /** No frame is longer (libpcap's MAXIMUM_SNAPLEN); a larger number is a broken file. */
  int MAX_FRAME = 262_144;

  /**
   * The next frame; empty at the end of the capture.
   *
   * @throws MalformedException when the capture breaks off within a frame or is broken: nothing
   *     more can be read from it. The message says where
   * @throws IOException when the stream fails
   */
  Optional<CapturedFrame> next() throws IOException, MalformedException;

  /**
   * A reader for {@code stream}; blocks until the first octets are there.
   *
   * @throws MalformedException when it starts like no capture
   */
  static CaptureReader open(InputStream stream) throws IOException, MalformedException {
    CaptureInput in = new CaptureInput(new BufferedInputStream(stream, 1 << 16));
    int magic = in.head();
    return switch (magic) {
      case 0xa1b2c3d4 -> new PcapReader(in, false, 1_000);
      case 0xd4c3b2a1 -> new PcapReader(in, true, 1_000);
      case 0xa1b23c4d -> new PcapReader(in, false, 1);
      case 0x4d3cb2a1 -> new PcapReader(in, true, 1);
      case 0x0a0d0d0a -> new PcapngReader(in);
      default ->
          throw new MalformedException(
              "no capture: starts with 0x%08x. Give a file of tcpdump -w (pcap or pcapng, not packed)"
                  .formatted(magic),
              0);
    };
  }
}
