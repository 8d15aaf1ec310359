package io.coagateway.wire;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * An IPv6 address as a value, 16 octets. {@link java.net.Inet6Address} will not do on the wire: it
 * turns mapped addresses into IPv4 and carries scopes.
 *
 * @param high the first eight octets
 * @param low the last eight octets
 */
public record Ipv6Address(long high, long low) implements Comparable<Ipv6Address> {
  /** {@code ::}. */
  public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);

  /** The address that starts at {@code at}; the caller has checked that 16 octets are there. */
  public static Ipv6Address of(Octets octets, int at) {
    return new Ipv6Address(
        octets.u32(at) << 32 | octets.u32(at + 4), octets.u32(at + 8) << 32 | octets.u32(at + 12));
  }

  /** The address in a socket address; empty for IPv4. */
  public static Optional<Ipv6Address> of(InetAddress address) {
    return address instanceof Inet6Address
        ? Optional.of(of(Octets.wrap(address.getAddress()), 0))
        : Optional.empty();
  }

  /**
   * An address in the text form of RFC 4291 section 2.2, without zone.
   *
   * @throws IllegalArgumentException with the text in quotes and an example
   */
  public static Ipv6Address parse(String text) {
    byte[] octets =
        text.indexOf('%') < 0 && NetUtil.isValidIpV6Address(text)
            ? NetUtil.createByteArrayFromIpAddressString(text)
            : null;
    if (octets == null || octets.length != 16) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an IPv6 address. Give one like 2001:db8::53");
    }
    return of(Octets.wrap(octets), 0);
  }

  /** The sixteen octets. */
  public Octets toOctets() {
    return new OctetWriter(16).ipv6(this).toOctets();
  }

  /** As a socket address without scope. */
  public InetAddress toInetAddress() {
    try {
      return Inet6Address.getByAddress(null, toOctets().toArray(), -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen octets are an address", e);
    }
  }

  /** With all bits after the first {@code prefixLength} (0 to 128) cleared. */
  public Ipv6Address masked(int prefixLength) {
    if (prefixLength < 0 || prefixLength > 128) {
      throw new IllegalArgumentException("prefix length " + prefixLength + " is not 0 to 128");
    }
    long highMask = prefixLength == 0 ? 0 : -1L << Math.max(0, 64 - prefixLength);
    long lowMask = prefixLength <= 64 ? 0 : -1L << (128 - prefixLength);
    return new Ipv6Address(high & highMask, low & lowMask);
  }

  /** Whether this is {@code ::}. */
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /** Whether this is in fe80::/10. */
  public boolean isLinkLocal() {
    return high >>> 54 == 0x3fa;
  }

  /** Whether this is in ff00::/8. */
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  @Override
  public int compareTo(Ipv6Address other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** The text form of RFC 5952. */
  @Override
  public String toString() {
    return NetUtil.toAddressString(toInetAddress());
  }
}
