package io.coagateway.capture;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The newer format (draft-ietf-opsawg-pcapng), which dumpcap and Wireshark write: blocks, of which
 * section headers, interfaces and packets matter here; others are passed over.
 */
final class PcapngReader implements CaptureReader {
  private static final int MAX_BLOCK = 1 << 24;
  private static final int MAX_INTERFACES = 4096;
  private static final long NANOS = 1_000_000_000L;
  private static final long LATEST_SECOND = 1L << 36; // in two thousand years

  private static final long SECTION_HEADER = 0x0a0d0d0aL;
  private static final long INTERFACE = 1;
  private static final long SIMPLE_PACKET = 3;
  private static final long ENHANCED_PACKET = 6;
  private static final int OPTION_RESOLUTION = 9;
  private static final int OPTION_OFFSET = 14;

  private final CaptureInput in;
  private final List<Interface> interfaces = new ArrayList<>();
  private boolean swapped;

  /**
   * One captured interface.
   *
   * @param unitsPerSecond of its timestamps
   * @param offset seconds to add
   */
  private record Interface(int linkType, long unitsPerSecond, long offset) {}

  /**
   * @param in after the block type of the first section header
   */
  PcapngReader(CaptureInput in) throws IOException, MalformedException {
    this.in = in;
    section();
  }

  private long u32(Octets octets, int at) {
    long value = octets.u32(at);
    return swapped ? Integer.toUnsignedLong(Integer.reverseBytes((int) value)) : value;
  }

  private int u16(Octets octets, int at) {
    int value = octets.u16(at);
    return swapped ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
  }

  /** What follows the block type of a section header: it tells the byte order. */
  private void section() throws IOException, MalformedException {
    Octets head = in.octets(8, "section header");
    swapped =
        switch ((int) head.u32(4)) {
          case 0x1a2b3c4d -> false;
          case 0x4d3c2b1a -> true;
          default -> throw in.malformed("is broken: a section without byte-order magic");
        };
    interfaces.clear();
    in.octets(checked(u32(head, 0), 28) - 12, "section header");
  }

  private int checked(long length, int least) throws MalformedException {
    if (length < least || length > MAX_BLOCK || length % 4 != 0) {
      throw in.malformed("is broken: a block of " + length + " octets");
    }
    return (int) length;
  }

  @Override
  public Optional<CapturedFrame> next() throws IOException, MalformedException {
    while (true) {
      Optional<Octets> type = in.octetsOrEnd(4, "block type");
      if (type.isEmpty()) {
        return Optional.empty();
      }
      if (type.get().u32(0) == SECTION_HEADER) {
        section();
        continue;
      }
      int length = checked(u32(in.octets(4, "block length"), 0), 12);
      Octets body = in.octets(length - 8, "block").slice(0, length - 12);
      long kind = u32(type.get(), 0);
      if (kind == INTERFACE) {
        addInterface(body);
      } else if (kind == ENHANCED_PACKET) {
        return Optional.of(enhanced(body));
      } else if (kind == SIMPLE_PACKET) {
        return Optional.of(simple(body));
      }
    }
  }

  private void addInterface(Octets body) throws MalformedException {
    need(body, 8, "interface");
    long units = 1_000_000;
    long offset = 0;
    for (int at = 8; at + 4 <= body.length(); ) {
      int code = u16(body, at);
      int length = u16(body, at + 2);
      if (code == 0 || at + 4 + length > body.length()) {
        break;
      }
      if (code == OPTION_RESOLUTION && length == 1) {
        units = unitsPerSecond(body.u8(at + 4));
      } else if (code == OPTION_OFFSET && length == 8) {
        long first = u32(body, at + 4);
        long second = u32(body, at + 8);
        offset = swapped ? second << 32 | first : first << 32 | second;
      }
      at += 4 + (length + 3) / 4 * 4;
    }
    if (interfaces.size() == MAX_INTERFACES) {
      throw in.malformed("is broken: more than " + MAX_INTERFACES + " interfaces");
    }
    interfaces.add(new Interface(u16(body, 0), units, offset));
  }

  private long unitsPerSecond(int resolution) throws MalformedException {
    int exponent = resolution & 0x7f;
    if ((resolution & 0x80) != 0 ? exponent > 62 : exponent > 18) {
      throw in.malformed("is broken: a clock resolution of " + resolution);
    }
    return (resolution & 0x80) != 0 ? 1L << exponent : Math.round(Math.pow(10, exponent));
  }

  private CapturedFrame enhanced(Octets body) throws MalformedException {
    need(body, 20, "packet");
    Interface from = interfaceOf(u32(body, 0));
    long units = u32(body, 4) << 32 | u32(body, 8);
    long seconds = from.offset() + Long.divideUnsigned(units, from.unitsPerSecond());
    if (seconds < 0 || seconds > LATEST_SECOND) {
      throw in.malformed("is broken: a time of " + seconds + " s");
    }
    Instant seen =
        Instant.ofEpochSecond(
            seconds,
            nanos(Long.remainderUnsigned(units, from.unitsPerSecond()), from.unitsPerSecond()));
    return new CapturedFrame(from.linkType(), seen, data(body, 20, u32(body, 12)), u32(body, 16));
  }

  /** Cut, not rounded; exact up to a resolution of a tenth of a nanosecond. */
  private static long nanos(long part, long unitsPerSecond) {
    return unitsPerSecond <= Long.MAX_VALUE / NANOS
        ? part * NANOS / unitsPerSecond
        : Math.min(part / (unitsPerSecond / NANOS), NANOS - 1);
  }

  private CapturedFrame simple(Octets body) throws MalformedException {
    need(body, 4, "packet");
    long length = u32(body, 0);
    Octets data = data(body, 4, Math.min(length, body.length() - 4L));
    return new CapturedFrame(interfaceOf(0).linkType(), Instant.EPOCH, data, length);
  }

  private Interface interfaceOf(long number) throws MalformedException {
    if (number >= interfaces.size()) {
      throw in.malformed("is broken: a packet of interface " + number + ", which is not described");
    }
    return interfaces.get((int) number);
  }

  private Octets data(Octets body, int at, long length) throws MalformedException {
    need(body, at + length, "packet");
    return body.slice(at, at + (int) length);
  }

  private void need(Octets body, long length, String what) throws MalformedException {
    if (body.length() < length) {
      throw in.malformed(
          "is broken: " + what + " needs " + length + " octets, its block has " + body.length());
    }
  }
}
