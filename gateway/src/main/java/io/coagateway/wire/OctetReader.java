package io.coagateway.wire;

/**
 * Reads octets from front to back. Every read names its field, so that an error can say which field
 * ran short and where: {@code t1 needs 4 octets at offset 8, found 2}.
 *
 * <p>Offsets in errors count from the outermost input: a reader made by {@link #sub} keeps the
 * place of its first octet.
 */
public final class OctetReader {
  private final Octets octets;
  private final int base;
  private int at;

  OctetReader(Octets octets) {
    this(octets, 0);
  }

  private OctetReader(Octets octets, int base) {
    this.octets = octets;
    this.base = base;
  }

  /** How many octets are left. */
  public int remaining() {
    return octets.length() - at;
  }

  /** Whether any octet is left. */
  public boolean hasMore() {
    return at < octets.length();
  }

  /** Where the next octet stands, counted from the start of the outermost input. */
  public int offset() {
    return base + at;
  }

  /** One octet, 0 to 255. */
  public int u8(String field) throws MalformedException {
    need(1, field);
    return octets.u8(at++);
  }

  /** Two octets in network byte order, 0 to 65535. */
  public int u16(String field) throws MalformedException {
    need(2, field);
    int value = octets.u16(at);
    at += 2;
    return value;
  }

  /** Three octets in network byte order, 0 to 16777215. */
  public int u24(String field) throws MalformedException {
    need(3, field);
    int value = octets.u8(at) << 16 | octets.u16(at + 1);
    at += 3;
    return value;
  }

  /** Four octets in network byte order, 0 to 4294967295. */
  public long u32(String field) throws MalformedException {
    need(4, field);
    long value = octets.u32(at);
    at += 4;
    return value;
  }

  /** Sixteen octets as an IPv6 address. */
  public Ipv6Address ipv6(String field) throws MalformedException {
    need(16, field);
    Ipv6Address value = Ipv6Address.of(octets, at);
    at += 16;
    return value;
  }

  /** The next {@code length} octets. */
  public Octets octets(int length, String field) throws MalformedException {
    need(length, field);
    Octets value = octets.slice(at, at + length);
    at += length;
    return value;
  }

  /** All octets that are left, perhaps none. */
  public Octets rest() {
    Octets value = octets.from(at);
    at = octets.length();
    return value;
  }

  /** A reader over the next {@code length} octets, which this reader skips. */
  public OctetReader sub(int length, String field) throws MalformedException {
    int start = offset();
    return new OctetReader(octets(length, field), start);
  }

  /** Fails when an octet is left: {@code what ends at offset 12, but 2 octets follow}. */
  public void end(String what) throws MalformedException {
    if (hasMore()) {
      throw new MalformedException(
          what + " ends at offset " + offset() + ", but " + plural(remaining()) + " follow",
          offset());
    }
  }

  /** An error at the place of the next octet. */
  public MalformedException malformed(String message) {
    return new MalformedException(message + " at offset " + offset(), offset());
  }

  private void need(int width, String field) throws MalformedException {
    if (remaining() < width) {
      throw new MalformedException(
          field + " needs " + plural(width) + " at offset " + offset() + ", found " + remaining(),
          offset());
    }
  }

  private static String plural(int count) {
    return count == 1 ? "1 octet" : count + " octets";
  }
}
