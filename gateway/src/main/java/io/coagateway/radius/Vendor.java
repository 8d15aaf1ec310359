package io.coagateway.radius;

import java.util.Objects;

/**
 * A vendor and how it lays out Vendor-Specific (RFC 2865 section 5.26 leaves that to it).
 *
 * @param name as the dictionary has it
 * @param id the enterprise number, 32 bits
 * @param typeOctets width of Vendor-Type: 1, 2 or 4
 * @param lengthOctets width of Vendor-Length: 0 (the rest is one value), 1 or 2
 * @param continued whether an octet follows whose highest bit says that the value goes on in the
 *     next Vendor-Specific, as WiMAX has it; with one octet each for type and length
 */
public record Vendor(String name, long id, int typeOctets, int lengthOctets, boolean continued) {
  /** Refuses widths that no vendor uses. */
  public Vendor {
    Objects.requireNonNull(name);
    if (typeOctets != 1 && typeOctets != 2 && typeOctets != 4) {
      throw new IllegalArgumentException(
          "vendor type of " + typeOctets + " octets; it may have 1, 2 or 4");
    }
    if (lengthOctets < 0 || lengthOctets > 2) {
      throw new IllegalArgumentException(
          "vendor length of " + lengthOctets + " octets; it may have 0, 1 or 2");
    }
    if (continued && (typeOctets != 1 || lengthOctets != 1)) {
      throw new IllegalArgumentException("only type and length of one octet each are continued");
    }
    if (id < 0 || id > 0xffffffffL) {
      throw new IllegalArgumentException("vendor " + id + " is not 0 to 4294967295");
    }
  }

  /** A vendor whose values fit into one attribute each. */
  public Vendor(String name, long id, int typeOctets, int lengthOctets) {
    this(name, id, typeOctets, lengthOctets, false);
  }

  /** The octets before a value: type, length, and whether it goes on. */
  int headerOctets() {
    return typeOctets + lengthOctets + (continued ? 1 : 0);
  }

  /** A vendor that follows RFC 2865's advice: one octet each. */
  public static Vendor ordinary(String name, long id) {
    return new Vendor(name, id, 1, 1);
  }
}
