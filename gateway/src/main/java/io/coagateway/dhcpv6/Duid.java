package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.UUID;

/**
 * A DHCP unique identifier (RFC 8415 section 11). Opaque: two are the same when their octets are,
 * and every type is accepted; only {@link #describe} looks inside.
 *
 * @param octets type and identifier, 3 to 130 octets
 */
public record Duid(Octets octets) {
  /** The type code and one octet. */
  public static final int MIN_LENGTH = 3;

  /** The type code and 128 octets. */
  public static final int MAX_LENGTH = 130;

  /** Refuses other lengths than 3 to 130 octets. */
  public Duid {
    if (octets.length() < MIN_LENGTH || octets.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a DUID has 3 to 130 octets, \"" + octets + "\" has " + octets.length());
    }
  }

  /**
   * A DUID in hex, separators allowed.
   *
   * @throws IllegalArgumentException with the text in quotes and what is wrong
   */
  public static Duid ofHex(String hex) {
    try {
      return new Duid(Octets.ofHex(hex));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\""
              + hex
              + "\" is not a DUID: "
              + e.getMessage()
              + ". Give hex like 0003000102005e005301",
          e);
    }
  }

  /**
   * DUID-LLT (section 11.2).
   *
   * @param hardwareType 0 to 65535, 1 for Ethernet
   * @param time seconds since 2000-01-01 UTC, modulo 2^32
   * @param linkLayerAddress at most 122 octets
   */
  public static Duid linkLayerTime(int hardwareType, long time, Octets linkLayerAddress) {
    return new Duid(
        new OctetWriter(32).u16(1).u16(hardwareType).u32(time).octets(linkLayerAddress).toOctets());
  }

  /**
   * DUID-EN (section 11.3).
   *
   * @param enterprise the enterprise number, 32 bits
   * @param identifier at most 124 octets
   */
  public static Duid enterprise(long enterprise, Octets identifier) {
    return new Duid(new OctetWriter(32).u16(2).u32(enterprise).octets(identifier).toOctets());
  }

  /**
   * DUID-LL (section 11.4).
   *
   * @param hardwareType 0 to 65535, 1 for Ethernet
   * @param linkLayerAddress at most 126 octets
   */
  public static Duid linkLayer(int hardwareType, Octets linkLayerAddress) {
    return new Duid(
        new OctetWriter(32).u16(3).u16(hardwareType).octets(linkLayerAddress).toOctets());
  }

  /** DUID-UUID (section 11.5, RFC 6355). */
  public static Duid uuid(UUID uuid) {
    return new Duid(
        new OctetWriter(18)
            .u16(4)
            .u64(uuid.getMostSignificantBits())
            .u64(uuid.getLeastSignificantBits())
            .toOctets());
  }

  /** The type code, 0 to 65535. */
  public int type() {
    return octets.u16(0);
  }

  /** The same, holding on to no packet's memory: for keeping. */
  public Duid compact() {
    return new Duid(octets.compact());
  }

  /** For people: the type by name and its fields, where the length fits the type. */
  public String describe() {
    int length = octets.length();
    if (type() == 1 && length > 8) {
      return "DUID-LLT hw-type=" + octets.u16(2) + " time=" + octets.u32(4) + " " + mac(8);
    }
    if (type() == 2 && length > 6) {
      return "DUID-EN enterprise=" + octets.u32(2) + " " + octets.from(6);
    }
    if (type() == 3 && length > 4) {
      return "DUID-LL hw-type=" + octets.u16(2) + " " + mac(4);
    }
    if (type() == 4 && length == 18) {
      long high = octets.u32(2) << 32 | octets.u32(6);
      long low = octets.u32(10) << 32 | octets.u32(14);
      return "DUID-UUID " + new UUID(high, low);
    }
    return "DUID type " + type();
  }

  private String mac(int from) {
    return Printing.colons(octets.from(from));
  }

  /** Lower-case hex without separators. */
  @Override
  public String toString() {
    return octets.toHex();
  }
}
