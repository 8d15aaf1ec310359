package io.coagateway.radius;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code TLV-Type(1) TLV-Length(1) value} (RFC 6929 section 2.3). A container is filled
 * exactly by its TLVs; TLV-Length counts its own two octets and is 3 to 255.
 */
final class TlvReader {
  /**
   * How deep containers may lie in containers. RFC 6929 section 2.3 does not recommend more than
   * four levels; the softwire attributes (RFC 8658) use three.
   */
  static final int MAXIMUM_DEPTH = 4;

  private static final int HEADER = 2;

  private TlvReader() {}

  static List<Attribute> split(AttributeId container, Octets value) throws MalformedException {
    if (value.isEmpty()) {
      throw new MalformedException("a container of TLVs holds none at offset 0", 0);
    }
    List<Attribute> tlvs = new ArrayList<>(4);
    int at = 0;
    while (at < value.length()) {
      int left = value.length() - at;
      if (left < HEADER) {
        throw new MalformedException(
            "TLV header needs 2 octets at offset " + at + ", found " + left, at);
      }
      int type = value.u8(at);
      int length = value.u8(at + 1);
      if (length <= HEADER || length > left) {
        String bound = length > left ? "more than the " + left + " that are left" : "less than 3";
        throw new MalformedException(
            "TLV " + type + " at offset " + at + " has length " + length + ", " + bound, at);
      }
      tlvs.add(new Attribute(container.tlv(type), value.slice(at + HEADER, at + length)));
      at += length;
    }
    return List.copyOf(tlvs);
  }

  /**
   * Checks a container and, inside it, every TLV that the dictionary calls a container again.
   *
   * @param base where the container's value starts, to count offsets from the outermost input
   */
  static Optional<AttributeDefect> check(
      Attribute container, AttributeDictionary dictionary, int base) {
    try {
      check(container, dictionary, base, 1);
      return Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(new AttributeDefect(container.id(), base + e.offset(), e.getMessage()));
    }
  }

  private static void check(
      Attribute container, AttributeDictionary dictionary, int base, int depth)
      throws MalformedException {
    if (depth > MAXIMUM_DEPTH) {
      throw new MalformedException(
          "TLVs are nested deeper than " + MAXIMUM_DEPTH + " at offset 0", 0);
    }
    int at = 0;
    for (Attribute tlv : container.tlvs()) {
      if (dictionary.typeOf(tlv.id()) == DataType.TLV) {
        try {
          check(tlv, dictionary, base, depth + 1);
        } catch (MalformedException e) {
          throw new MalformedException(
              dictionary.nameOf(tlv.id()) + ": " + e.getMessage(), at + HEADER + e.offset());
        }
      }
      at += HEADER + tlv.value().length();
    }
  }
}
