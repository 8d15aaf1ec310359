package io.coagateway.radius;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Objects;

/**
 * One attribute as a value. For a vendor's attribute it is what stands inside Vendor-Specific, for
 * an extended one what follows its header, and the fragments of a long-extended one are joined.
 *
 * @param id its numbers
 * @param value the octets after the header, perhaps none
 */
public record Attribute(AttributeId id, Octets value) {
  /** Both are needed. */
  public Attribute {
    Objects.requireNonNull(id);
    Objects.requireNonNull(value);
  }

  /** A text value, encoded in UTF-8 (RFC 8044 section 3.4). */
  public static Attribute ofText(AttributeId id, String text) {
    return new Attribute(id, Octets.ofUtf8(text));
  }

  /**
   * A 32-bit unsigned value (RFC 8044 section 3.1).
   *
   * @param number 0 to 4294967295
   */
  public static Attribute ofInteger(AttributeId id, long number) {
    if (number < 0 || number > 0xffffffffL) {
      throw new IllegalArgumentException(number + " does not fit in 32 bits");
    }
    byte[] octets = {
      (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
    };
    return new Attribute(id, Octets.wrap(octets));
  }

  /**
   * The value read as TLVs that fill it exactly (RFC 6929 section 2.3), one level deep.
   *
   * @return at least one, each with the id of this attribute and its own number behind
   * @throws MalformedException when the TLVs do not fill the value exactly; offsets count from the
   *     start of the value
   */
  public List<Attribute> tlvs() throws MalformedException {
    return TlvReader.split(id, value);
  }

  /** For a person without a dictionary: {@code 26.9.1 = 0x…}. */
  @Override
  public String toString() {
    return id + " = 0x" + value;
  }
}
