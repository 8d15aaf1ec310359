package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/** What the softwire options share: prefixes cut to the octets they need (RFC 7598 section 4). */
final class S46 {
  private S46() {}

  static int prefixOctets(Ipv6Prefix prefix) {
    return (prefix.length() + 7) / 8;
  }

  /** Length in bits, then as many octets as that needs. */
  static void writePrefix(OctetWriter writer, Ipv6Prefix prefix) {
    writer.u8(prefix.length()).octets(prefix.address().toOctets().slice(0, prefixOctets(prefix)));
  }

  /** The same, read; bits after the length in the last octet stay as they came. */
  static Ipv6Prefix readPrefix(OctetReader reader, String lengthField, String prefixField)
      throws MalformedException {
    int length = OptionParser.atMost(reader, 128, lengthField);
    Octets octets = reader.octets((length + 7) / 8, prefixField);
    byte[] whole = new byte[16];
    octets.copyTo(whole, 0);
    return new Ipv6Prefix(Ipv6Address.of(Octets.wrap(whole), 0), length);
  }

  static void requireAtMost(int value, int max, String field) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(field + " " + value + " is not 0 to " + max);
    }
  }

  static void requireIpv4(Octets address) {
    if (address.length() != 4) {
      throw new IllegalArgumentException(
          "an IPv4 address has 4 octets, \"" + address + "\" has " + address.length());
    }
  }

  /** Refuses bits that would be lost: those in octets after the last that travels. */
  static void requireShort(Ipv6Prefix prefix) {
    if (!prefix.address().masked(8 * prefixOctets(prefix)).equals(prefix.address())) {
      throw new IllegalArgumentException(
          "prefix \"" + prefix + "\" has bits set after its length; write " + prefix.masked());
    }
  }
}
