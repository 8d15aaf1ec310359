package io.coagateway.radius;

import io.coagateway.wire.Octets;

/**
 * The form of an ipv6prefix value: Reserved, Prefix-Length 0 to 128, and at least as many octets as
 * the length needs (RFC 8044 section 3.10).
 */
final class Ipv6PrefixForm {
  private Ipv6PrefixForm() {}

  /** Whether it is a prefix at all; Reserved is ignored on receipt. */
  static boolean isSound(Octets value) {
    return value.length() >= 2
        && value.length() <= 18
        && value.u8(1) <= 128
        && value.length() - 2 >= (value.u8(1) + 7) / 8;
  }

  /** Whether a bit behind the prefix length is set, which the sender must not do. */
  static boolean hasHostBits(Octets value) {
    int length = value.u8(1);
    for (int i = 2; i < value.length(); i++) {
      int bitsOfOctet = Math.max(0, Math.min(8, length - (i - 2) * 8));
      if ((value.u8(i) & 0xff >> bitsOfOctet) != 0) {
        return true;
      }
    }
    return false;
  }
}
