package io.coagateway.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable octet string: value equality, unsigned comparison, hex as its text.
 *
 * <p>A slice shares the memory of the whole. That is safe because nobody can write to it, but a
 * small slice of a large packet keeps the packet alive: {@link #compact} before keeping one for
 * long.
 */
public final class Octets implements Comparable<Octets> {
  /** No octets at all. */
  public static final Octets EMPTY = new Octets(new byte[0], 0, 0);

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] array;
  private final int start;
  private final int length;
  private int hash;

  private Octets(byte[] array, int start, int length) {
    this.array = array;
    this.start = start;
    this.length = length;
  }

  /** A copy of {@code array}. */
  public static Octets copyOf(byte[] array) {
    return array.length == 0 ? EMPTY : new Octets(array.clone(), 0, array.length);
  }

  /** A copy of {@code length} octets of {@code array} from {@code start}. */
  public static Octets copyOf(byte[] array, int start, int length) {
    return length == 0
        ? EMPTY
        : new Octets(Arrays.copyOfRange(array, start, start + length), 0, length);
  }

  /**
   * The octets of {@code array} without a copy. The caller gives the array away: it must never be
   * written again.
   */
  public static Octets wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Octets(array, 0, array.length);
  }

  /**
   * Hex digits of either case; white space, {@code :} and {@code -} between octets are ignored.
   *
   * @throws IllegalArgumentException naming the first character that is no hex digit, or an odd
   *     count of digits
   */
  public static Octets ofHex(CharSequence hex) {
    byte[] out = new byte[hex.length() / 2 + 1];
    int digits = 0;
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if (Character.isWhitespace(c) || c == ':' || c == '-') {
        continue;
      }
      if (!HexFormat.isHexDigit(c)) {
        throw new IllegalArgumentException(
            "\"" + c + "\" at position " + i + " is not a hex digit");
      }
      int at = digits >> 1;
      out[at] = (byte) (out[at] << 4 | HexFormat.fromHexDigit(c));
      digits++;
    }
    if ((digits & 1) != 0) {
      throw new IllegalArgumentException(
          "hex text has " + digits + " digits; an octet needs two, so the count must be even");
    }
    return digits == 0 ? EMPTY : new Octets(Arrays.copyOf(out, digits / 2), 0, digits / 2);
  }

  /** The UTF-8 octets of {@code text}. */
  public static Octets ofUtf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** How many octets. */
  public int length() {
    return length;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return length == 0;
  }

  /** The octet at {@code index}, 0 to 255. */
  public int u8(int index) {
    return array[at(index, 1)] & 0xff;
  }

  /** Two octets from {@code index}, network byte order, 0 to 65535. */
  public int u16(int index) {
    int i = at(index, 2);
    return (array[i] & 0xff) << 8 | (array[i + 1] & 0xff);
  }

  /** Four octets from {@code index}, network byte order, 0 to 4294967295. */
  public long u32(int index) {
    int i = at(index, 4);
    return (array[i] & 0xffL) << 24
        | (array[i + 1] & 0xff) << 16
        | (array[i + 2] & 0xff) << 8
        | (array[i + 3] & 0xff);
  }

  private int at(int index, int width) {
    if (index < 0 || index > length - width) {
      throw new IndexOutOfBoundsException("index " + index + " of " + length + " octets");
    }
    return start + index;
  }

  /** The octets from {@code from} up to, not including, {@code to}. */
  public Octets slice(int from, int to) {
    if (from < 0 || to < from || to > length) {
      throw new IndexOutOfBoundsException("slice " + from + ".." + to + " of " + length);
    }
    return from == to ? EMPTY : new Octets(array, start + from, to - from);
  }

  /** The octets from {@code from} to the end. */
  public Octets from(int from) {
    return slice(from, length);
  }

  /** The same octets, holding on to no memory but their own. */
  public Octets compact() {
    return length == array.length ? this : copyOf(array, start, length);
  }

  /** These octets followed by {@code more}. */
  public Octets plus(Octets more) {
    if (more.length == 0) {
      return this;
    }
    byte[] both = Arrays.copyOfRange(array, start, start + length + more.length);
    more.copyTo(both, length);
    return wrap(both);
  }

  /** A reader over these octets, offsets counted from their start. */
  public OctetReader reader() {
    return new OctetReader(this);
  }

  /** A copy. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, start, start + length);
  }

  /** Copies all octets into {@code target} from {@code at}. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, start, target, at, length);
  }

  /** A read-only view for code that wants a buffer (digests, Netty). */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(array, start, length).slice().asReadOnlyBuffer();
  }

  /** Whether these are the octets of {@code other} from {@code from} up to {@code to}. */
  public boolean equalsRange(byte[] other, int from, int to) {
    return Arrays.equals(array, start, start + length, other, from, to);
  }

  /** Lower-case hex without separators. */
  public String toHex() {
    return HEX.formatHex(array, start, start + length);
  }

  /** The octets read as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String toUtf8() {
    return new String(array, start, length, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Octets other) {
    return Arrays.compareUnsigned(
        array, start, start + length, other.array, other.start, other.start + other.length);
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    return other instanceof Octets o
        && length == o.length
        && Arrays.equals(array, start, start + length, o.array, o.start, o.start + length);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0 && length > 0) {
      h = 1;
      for (int i = start; i < start + length; i++) {
        h = 31 * h + array[i];
      }
      hash = h;
    }
    return h;
  }

  /** The hex text. */
  @Override
  public String toString() {
    return toHex();
  }
}
