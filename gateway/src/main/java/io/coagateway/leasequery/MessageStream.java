package io.coagateway.leasequery;

import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * Cuts a TCP stream into messages: each is preceded by its size in two octets, which do not count
 * themselves (RFC 5460 section 5.1). Holds one message at most, so nothing that a peer sends makes
 * it larger than 64 KiB.
 */
final class MessageStream {
  private static final int SIZE_OCTETS = 2;

  private final byte[] buffer = new byte[SIZE_OCTETS + 0xffff];
  private int filled;

  /** Where the next octets of the stream belong. */
  byte[] buffer() {
    return buffer;
  }

  /** Their place there. */
  int filled() {
    return filled;
  }

  /** Octets that may be put there: never more than the message under way still needs. */
  int wanted() {
    return (filled < SIZE_OCTETS ? SIZE_OCTETS : SIZE_OCTETS + size()) - filled;
  }

  private int size() {
    return (buffer[0] & 0xff) << 8 | (buffer[1] & 0xff);
  }

  /** So many octets were put there; the message if it is whole now. */
  Optional<Octets> took(int octets) {
    filled += octets;
    if (filled < SIZE_OCTETS || wanted() > 0) {
      return Optional.empty();
    }
    Octets message = Octets.copyOf(buffer, SIZE_OCTETS, size());
    filled = 0;
    return Optional.of(message);
  }

  /** Whether a message has begun and not ended. */
  boolean isInTheMiddle() {
    return filled > 0;
  }

  /** A message with its size before it. */
  static Octets frame(Octets message) {
    return Octets.wrap(new byte[] {(byte) (message.length() >> 8), (byte) message.length()})
        .plus(message);
  }
}
