package io.coagateway.app;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** How log lines write an address: as the configuration does, so that one finds the other. */
final class AddressText {
  private AddressText() {}

  /** {@code [2001:db8::547]:547}, {@code [fe80::1%eth0]:547}, {@code 192.0.2.1:3799}. */
  static String of(InetSocketAddress socket) {
    String text = NetUtil.toSocketAddressString(socket);
    if (!(socket.getAddress() instanceof Inet6Address address)) {
      return text;
    }
    String host = address.getHostAddress(); // Netty's text leaves the zone out
    int zone = host.indexOf('%');
    return zone < 0 ? text : text.replace("]", host.substring(zone) + "]");
  }
}
