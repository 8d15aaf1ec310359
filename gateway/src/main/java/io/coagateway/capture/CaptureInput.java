package io.coagateway.capture;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A stream that knows how far it was read. */
final class CaptureInput {
  private final InputStream in;
  private long offset;

  CaptureInput(InputStream in) {
    this.in = in;
  }

  /** The first four octets, in network byte order. */
  int head() throws IOException, MalformedException {
    return (int) octets(4, "magic number").u32(0);
  }

  /** That many octets. */
  Octets octets(int length, String what) throws IOException, MalformedException {
    Optional<Octets> octets = octetsOrEnd(length, what);
    if (octets.isEmpty()) {
      throw breaksOff(what, length, 0);
    }
    return octets.get();
  }

  /** That many octets; empty when the stream ends here. */
  Optional<Octets> octetsOrEnd(int length, String what) throws IOException, MalformedException {
    byte[] array = new byte[length];
    int got = in.readNBytes(array, 0, length);
    if (got == length) {
      offset += length;
      return Optional.of(Octets.wrap(array));
    }
    if (got == 0) {
      return Optional.empty();
    }
    throw breaksOff(what, length, got);
  }

  private MalformedException breaksOff(String what, int length, int got) {
    return malformed("breaks off: " + what + " needs " + length + " octets, found " + got);
  }

  MalformedException malformed(String message) {
    return new MalformedException(
        message + " (at octet " + offset + " of the capture)",
        (int) Math.min(offset, Integer.MAX_VALUE));
  }
}
