package io.coagateway.radius;

import io.coagateway.wire.Label;
import java.util.Locale;
import java.util.Optional;

/**
 * The data types of RFC 8044, by the names that FreeRADIUS's dictionaries use for them, with the
 * octet lengths that a value may have.
 */
public enum DataType {
  /** UTF-8 text (RFC 8044 section 3.4). */
  STRING(1, Integer.MAX_VALUE),
  /** Opaque octets (section 3.5). */
  OCTETS(1, Integer.MAX_VALUE),
  /** 32 bits, unsigned (section 3.1). */
  INTEGER(4, 4),
  /** 32 bits, two's complement; not in RFC 8044. */
  SIGNED(4, 4),
  /** 64 bits, unsigned (section 3.12). */
  INTEGER64(8, 8),
  /** 16 bits, unsigned; inside vendors' TLVs only. */
  SHORT(2, 2),
  /** 8 bits, unsigned; inside vendors' TLVs only. */
  BYTE(1, 1),
  /** Seconds since 1970-01-01 UTC, 32 bits (section 3.3). */
  DATE(4, 4),
  /** An IPv4 address (section 3.8). */
  IPADDR(4, 4),
  /** An IPv4 address or an IPv6 address, told by its length; WiMAX has it, RFC 8044 has not. */
  COMBO_IP(4, 16),
  /** Reserved octet, prefix length 0 to 32, four octets (section 3.11). */
  IPV4PREFIX(6, 6),
  /** An IPv6 address (section 3.9). */
  IPV6ADDR(16, 16),
  /** Reserved octet, prefix length 0 to 128, up to 16 octets (section 3.10). */
  IPV6PREFIX(2, 18),
  /** An interface identifier (section 3.7). */
  IFID(8, 8),
  /** An Ethernet address; not in RFC 8044. */
  ETHER(6, 6),
  /** A container of TLVs (section 3.13). */
  TLV(3, Integer.MAX_VALUE),
  /** Vendor-Specific (section 3.14). */
  VSA(5, Integer.MAX_VALUE),
  /** 241 to 244 as a whole (section 3.15). */
  EXTENDED(2, Integer.MAX_VALUE),
  /** 245 and 246 as a whole (section 3.16). */
  LONG_EXTENDED(3, Integer.MAX_VALUE),
  /** Extended-Vendor-Specific (section 3.17). */
  EVS(6, Integer.MAX_VALUE);

  private final int shortest;
  private final int longest;

  DataType(int shortest, int longest) {
    this.shortest = shortest;
    this.longest = longest;
  }

  /** The fewest octets that a value may have. */
  public int shortest() {
    return shortest;
  }

  /** The most octets that a value may have; the packet bounds what has no bound of its own. */
  public int longest() {
    return longest;
  }

  /** Whether a value may have so many octets. */
  boolean fits(int octets) {
    return octets >= shortest
        && octets <= longest
        && (this != COMBO_IP || octets == shortest || octets == longest);
  }

  /** Its name in a dictionary, e.g. {@code ipv6prefix}. */
  public String dictionaryName() {
    return Label.of(this);
  }

  /**
   * A type by the name that FreeRADIUS 3 or 4 has for it; {@code text} and {@code uint32} and their
   * kin are other names for the same.
   */
  public static Optional<DataType> ofName(String name) {
    return Optional.ofNullable(
        switch (name.toLowerCase(Locale.ROOT)) {
          case "string", "text", "abinary" -> name.equalsIgnoreCase("abinary") ? OCTETS : STRING;
          case "octets" -> OCTETS;
          case "integer", "uint32" -> INTEGER;
          case "signed", "int32" -> SIGNED;
          case "integer64", "uint64" -> INTEGER64;
          case "short", "uint16" -> SHORT;
          case "byte", "uint8" -> BYTE;
          case "date", "time" -> DATE;
          case "ipaddr", "ipv4addr" -> IPADDR;
          case "combo-ip" -> COMBO_IP;
          case "ipv4prefix" -> IPV4PREFIX;
          case "ipv6addr" -> IPV6ADDR;
          case "ipv6prefix" -> IPV6PREFIX;
          case "ifid" -> IFID;
          case "ether" -> ETHER;
          case "tlv" -> TLV;
          case "vsa" -> VSA;
          case "extended" -> EXTENDED;
          case "long-extended" -> LONG_EXTENDED;
          case "evs" -> EVS;
          default -> null;
        });
  }
}
