package io.coagateway.dhcpv6;

import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.List;

/** How numbers and octets look in the text forms, and the range checks of the option records. */
final class Printing {
  /** 2000-01-01 UTC, from which DHCPv6 counts (RFC 8415 section 11.2, RFC 7653). */
  private static final Instant START_OF_2000 = Instant.parse("2000-01-01T00:00:00Z");

  private static final long FOREVER = 0xffffffffL;

  private Printing() {}

  static void requireU8(int value, String field) {
    if (value < 0 || value > 0xff) {
      throw outOfRange(field, value, 0xff);
    }
  }

  static void requireU16(int value, String field) {
    if (value < 0 || value > 0xffff) {
      throw outOfRange(field, value, 0xffff);
    }
  }

  static void requireU32(long value, String field) {
    if (value < 0 || value > 0xffffffffL) {
      throw outOfRange(field, value, 0xffffffffL);
    }
  }

  private static IllegalArgumentException outOfRange(String field, long value, long max) {
    return new IllegalArgumentException(field + " " + value + " is not 0 to " + max);
  }

  static String octets(int count) {
    return count == 1 ? "1 octet" : count + " octets";
  }

  static String hex16(int value) {
    return String.format("0x%04x", value);
  }

  static String hex24(int value) {
    return String.format("0x%06x", value);
  }

  static String hex64(long value) {
    return String.format("0x%016x", value);
  }

  static String iaid(long iaid) {
    return String.format("iaid=0x%08x", iaid);
  }

  static String lifetime(long seconds) {
    return seconds == FOREVER ? "forever" : seconds + "s";
  }

  static String hundredths(int value) {
    return value / 100 + "." + value / 10 % 10 + value % 10 + "s";
  }

  static String since2000(long seconds) {
    return START_OF_2000.plusSeconds(seconds).toString();
  }

  static String ipv4(Octets address) {
    return address.u8(0) + "." + address.u8(1) + "." + address.u8(2) + "." + address.u8(3);
  }

  static String colons(Octets octets) {
    StringBuilder out = new StringBuilder(3 * octets.length());
    for (int i = 0; i < octets.length(); i++) {
      int octet = octets.u8(i);
      out.append(i == 0 ? "" : ":");
      out.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
    }
    return out.toString();
  }

  static String list(List<?> values) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : " ").append(values.get(i));
    }
    return out.toString();
  }

  /** Octets that mean something to someone else: quoted when printable ASCII, else hex. */
  static String opaque(Octets octets) {
    if (octets.isEmpty()) {
      return "\"\"";
    }
    for (int i = 0; i < octets.length(); i++) {
      if (octets.u8(i) < ' ' || octets.u8(i) > '~') {
        return octets.toHex();
      }
    }
    return quote(octets.toUtf8());
  }

  /** In quotes, on one line whatever is in it. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c)
          || Character.getType(c) == Character.FORMAT
          || c == '\u2028'
          || c == '\u2029') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
