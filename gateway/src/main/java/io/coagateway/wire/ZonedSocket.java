package io.coagateway.wire;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * A socket address that is the same only in the same zone. To {@code java.net} fe80::1%eth0 and
 * fe80::1%eth1 are equal, while a NAS may well have one link-local address on all its interfaces
 * (RFC 4007 section 6: an address of such a scope is one only together with its zone).
 *
 * @param address the address as given
 * @param zone the index of its interface; 0 where it has none
 */
public record ZonedSocket(InetSocketAddress address, int zone) {
  /** The address with the zone that it names. */
  public static ZonedSocket of(InetSocketAddress address) {
    return new ZonedSocket(
        address, address.getAddress() instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0);
  }

  /**
   * The same, where the zone of a link-local address alone counts: the kernel names it with the
   * sender of a datagram for no other address, and {@code java.net} with each address of an
   * interface.
   */
  public static ZonedSocket ofUnicast(InetSocketAddress address) {
    return address.getAddress().isLinkLocalAddress() ? of(address) : new ZonedSocket(address, 0);
  }
}
