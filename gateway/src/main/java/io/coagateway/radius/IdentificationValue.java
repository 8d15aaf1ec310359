package io.coagateway.radius;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.nio.charset.StandardCharsets;

/**
 * Values of identification attributes in the one form in which they are compared. The record's
 * value and the request's go through the same door.
 */
public final class IdentificationValue {
  private static final int MAC_DIGITS = 12;
  private static final int NORMAL_MAC = 17;

  private IdentificationValue() {}

  /**
   * The form to compare.
   *
   * <ul>
   *   <li>Framed-IPv6-Prefix: bits behind the length cleared, as many octets as the length needs
   *       (RFC 8044 section 3.10), Reserved zero;
   *   <li>Calling-Station-Id: a MAC address in any usual spelling (02-00-5E-10-00-07,
   *       02:00:5e:10:00:07, 0200.5e10.0007, 02005e100007) becomes that of RFC 3580 section 3.21,
   *       upper case with hyphens;
   *   <li>everything else: as it is, octet for octet.
   * </ul>
   *
   * <p>A value that is not what its attribute should hold is left as it is, so that it matches only
   * itself.
   */
  public static Octets normalize(AttributeId id, Octets value) {
    if (id.equals(Attributes.CALLING_STATION_ID)) {
      return mac(value);
    }
    return id.equals(Attributes.FRAMED_IPV6_PREFIX) ? prefix(value) : value;
  }

  private static Octets prefix(Octets value) {
    if (!Ipv6PrefixForm.isSound(value)) {
      return value;
    }
    int length = value.u8(1);
    int octets = (length + 7) / 8;
    byte[] out = new byte[18];
    value.copyTo(out, 0);
    Octets masked = Ipv6Address.of(Octets.wrap(out), 2).masked(length).toOctets();
    byte[] normal = new byte[2 + octets];
    masked.slice(0, octets).copyTo(normal, 2);
    normal[1] = (byte) length;
    return Octets.wrap(normal);
  }

  private static Octets mac(Octets value) {
    int length = value.length();
    if (length == NORMAL_MAC && isNormalMac(value)) {
      return value;
    }
    int group = // digits between separators
        switch (length) {
          case 12 -> MAC_DIGITS;
          case 14 -> 4;
          case 17 -> 2;
          default -> 0;
        };
    if (group == 0) {
      return value;
    }
    byte[] digits = new byte[MAC_DIGITS];
    int separator = group == MAC_DIGITS ? 0 : value.u8(group);
    if (!isSeparator(separator, group)) {
      return value;
    }
    int found = 0;
    for (int i = 0; i < length; i++) {
      int c = value.u8(i);
      if (i % (group + 1) == group) {
        if (c != separator) {
          return value;
        }
        continue;
      }
      if (Character.digit(c, 16) < 0 || c > 'f') {
        return value;
      }
      digits[found++] = (byte) Character.toUpperCase(c);
    }
    StringBuilder text = new StringBuilder(17);
    for (int i = 0; i < MAC_DIGITS; i += 2) {
      text.append(i == 0 ? "" : "-").append((char) digits[i]).append((char) digits[i + 1]);
    }
    return Octets.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether it is spelled as RFC 3580 has it already; most are, and need no copy. */
  private static boolean isNormalMac(Octets value) {
    for (int i = 0; i < NORMAL_MAC; i++) {
      int c = value.u8(i);
      boolean fits = i % 3 == 2 ? c == '-' : (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSeparator(int c, int group) {
    return switch (group) {
      case 2 -> c == '-' || c == ':';
      case 4 -> c == '.' || c == '-' || c == ':';
      default -> true;
    };
  }
}
