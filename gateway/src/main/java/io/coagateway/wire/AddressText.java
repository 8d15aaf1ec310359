package io.coagateway.wire;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * How messages write an address: as the configuration does, so that one finds the other. IPv6 has
 * the form of RFC 5952 and keeps its zone, which Netty's text leaves out, but not the zone 0 that
 * epoll's addresses have and that stands for none (RFC 4007 section 11.2); a name is never shown.
 */
public final class AddressText {
  private static final String NO_ZONE = "%0";

  private AddressText() {}

  /** {@code [2001:db8::547]:547}, {@code [fe80::1%eth0]:547}, {@code 192.0.2.1:3799}. */
  public static String of(InetSocketAddress socket) {
    String host = of(socket.getAddress());
    boolean ipv6 = socket.getAddress() instanceof Inet6Address;
    return (ipv6 ? "[" + host + "]" : host) + ":" + socket.getPort();
  }

  /** {@code 2001:db8::547}, {@code fe80::1%eth0}, {@code 192.0.2.1}. */
  public static String of(InetAddress address) {
    String text = address.getHostAddress();
    int at = text.indexOf('%');
    String zone = at < 0 ? "" : text.substring(at);
    return NetUtil.toAddressString(address) + (zone.equals(NO_ZONE) ? "" : zone);
  }
}
