package io.coagateway.das;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Addresses that share their first bits, like {@code 192.0.2.0/24} or {@code 2001:db8::/32}.
 *
 * @param ipv4 whether these are IPv4 addresses; then the last 32 bits of {@code first} are theirs
 * @param first the lowest address; no bit after the prefix is set
 * @param length how many bits are shared: 0 to 32 in IPv4, 0 to 128 in IPv6
 */
public record AddressRange(boolean ipv4, Ipv6Address first, int length) {
  /** Refuses a length out of range and bits after the prefix. */
  public AddressRange {
    if (length < 0 || length > width(ipv4)) {
      throw new IllegalArgumentException("prefix length " + length + " is not 0 to " + width(ipv4));
    }
    Ipv6Address masked = first.masked(length + (128 - width(ipv4)));
    if (!masked.equals(first)) {
      throw new IllegalArgumentException(
          text(ipv4, first)
              + "/"
              + length
              + " has bits set after the prefix. Give "
              + text(ipv4, masked)
              + "/"
              + length
              + ", or the single address without a length");
    }
  }

  /**
   * An address, or an address with a prefix length.
   *
   * @throws IllegalArgumentException with the text in quotes and what to write instead
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean ipv4 = NetUtil.isValidIpV4Address(address);
    if ((!ipv4 && !NetUtil.isValidIpV6Address(address)) || address.indexOf('%') >= 0) {
      throw wrong(text);
    }
    try {
      int length = slash < 0 ? width(ipv4) : Integer.parseInt(text.substring(slash + 1));
      byte[] octets = NetUtil.createByteArrayFromIpAddressString(address);
      return new AddressRange(ipv4, ipv4 ? ipv4(octets) : ipv6(octets), length).unmapped();
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  /** IPv4-mapped IPv6 addresses (RFC 4291 section 2.5.5.2) are IPv4 ones, wherever they come. */
  private AddressRange unmapped() {
    // All have 96 bits or more: with fewer the 0xffff would be set after the prefix.
    boolean mapped = !ipv4 && first.high() == 0 && first.low() >>> 32 == 0xffff;
    return mapped
        ? new AddressRange(true, new Ipv6Address(0, first.low() & 0xffffffffL), length - 96)
        : this;
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "\""
            + text
            + "\" is not an address or address range. Give one like 192.0.2.7, 192.0.2.0/24 or"
            + " 2001:db8::/32");
  }

  /** Whether {@code address} is one of these. An IPv4-mapped IPv6 address counts as IPv4. */
  public boolean contains(InetAddress address) {
    return address instanceof Inet4Address == ipv4
        && valueOf(address).masked(length + (128 - width(ipv4))).equals(first);
  }

  /** The highest of these addresses. */
  Ipv6Address last() {
    int shared = length + (128 - width(ipv4));
    long high = shared >= 64 ? 0 : -1L >>> shared;
    long low = shared >= 128 ? 0 : shared <= 64 ? -1L : -1L >>> (shared - 64);
    return new Ipv6Address(first.high() | high, first.low() | low);
  }

  /** An address as a number: an IPv4 one in the last 32 bits. */
  static Ipv6Address valueOf(InetAddress address) {
    byte[] octets = address.getAddress();
    return octets.length == 4 ? ipv4(octets) : ipv6(octets);
  }

  private static Ipv6Address ipv4(byte[] octets) {
    return new Ipv6Address(0, Octets.wrap(octets).u32(0));
  }

  private static Ipv6Address ipv6(byte[] octets) {
    return Ipv6Address.of(Octets.wrap(octets), 0);
  }

  private static int width(boolean ipv4) {
    return ipv4 ? 32 : 128;
  }

  private static String text(boolean ipv4, Ipv6Address address) {
    return ipv4 ? NetUtil.intToIpAddress((int) address.low()) : address.toString();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return text(ipv4, first) + "/" + length;
  }
}
