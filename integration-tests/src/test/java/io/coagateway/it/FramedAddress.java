package io.coagateway.it;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/** An address as a request names it: Framed-IPv6-Prefix and Framed-Interface-Id (RFC 5176 3). */
final class FramedAddress {
  private FramedAddress() {}

  /** The two attributes as radclient reads them, and {@code more}. */
  static String[] attributes(String address, String... more) {
    Octets octets = Ipv6Address.parse(address).toOctets();
    List<String> all = new ArrayList<>();
    all.add("Framed-IPv6-Prefix = " + Ipv6Address.parse(address).masked(64) + "/64");
    all.add(
        "Framed-Interface-Id = %04x:%04x:%04x:%04x"
            .formatted(octets.u16(8), octets.u16(10), octets.u16(12), octets.u16(14)));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
