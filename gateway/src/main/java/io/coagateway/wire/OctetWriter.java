package io.coagateway.wire;

import java.util.Arrays;

/** Builds an octet string from front to back; integers in network byte order. Not thread-safe. */
public final class OctetWriter {
  private byte[] array;
  private int length;

  /** Room for a typical packet. */
  public OctetWriter() {
    this(256);
  }

  /**
   * @param capacity octets to start with; it grows as needed
   */
  public OctetWriter(int capacity) {
    array = new byte[Math.max(16, capacity)];
  }

  /** How many octets were written. */
  public int length() {
    return length;
  }

  /** One octet: the low 8 bits of {@code value}. */
  public OctetWriter u8(int value) {
    room(1);
    array[length++] = (byte) value;
    return this;
  }

  /** Two octets: the low 16 bits of {@code value}. */
  public OctetWriter u16(int value) {
    room(2);
    array[length++] = (byte) (value >> 8);
    array[length++] = (byte) value;
    return this;
  }

  /** Three octets: the low 24 bits of {@code value}. */
  public OctetWriter u24(int value) {
    return u8(value >> 16).u16(value);
  }

  /** Four octets: the low 32 bits of {@code value}. */
  public OctetWriter u32(long value) {
    return u16((int) (value >> 16)).u16((int) value);
  }

  /** Sixteen octets. */
  public OctetWriter ipv6(Ipv6Address address) {
    return u64(address.high()).u64(address.low());
  }

  /** Eight octets. */
  public OctetWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  /** All of {@code octets}. */
  public OctetWriter octets(Octets octets) {
    room(octets.length());
    octets.copyTo(array, length);
    length += octets.length();
    return this;
  }

  /** {@code count} octets of {@code source} from {@code from}. */
  public OctetWriter octets(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, array, length, count);
    length += count;
    return this;
  }

  /** {@code count} zero octets. */
  public OctetWriter zeros(int count) {
    room(count);
    Arrays.fill(array, length, length + count, (byte) 0);
    length += count;
    return this;
  }

  /** Overwrites two octets written before, for a length that is known only afterwards. */
  public OctetWriter putU16(int at, int value) {
    array[at] = (byte) (value >> 8);
    array[at + 1] = (byte) value;
    return this;
  }

  /** A copy of what was written. */
  public Octets toOctets() {
    return Octets.copyOf(array, 0, length);
  }

  /** A copy of what was written, for the caller to keep. */
  public byte[] toArray() {
    return Arrays.copyOf(array, length);
  }

  private void room(int more) {
    if (array.length - length < more) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
    }
  }
}
