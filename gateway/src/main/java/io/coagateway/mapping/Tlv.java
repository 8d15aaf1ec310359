package io.coagateway.mapping;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/**
 * One TLV of a container attribute (RFC 6929 section 2.3): type, length counting both header octets
 * (3 to 255), value. A container must be filled exactly by its TLVs, or the whole container is
 * invalid.
 *
 * @param type 1 to 255
 * @param value 1 to 253 octets
 */
record Tlv(int type, Octets value) {
  /** All TLVs of a container, in order. */
  static List<Tlv> all(Octets container, String name) throws UnusableValueException {
    List<Tlv> tlvs = new ArrayList<>();
    OctetReader reader = container.reader();
    try {
      while (reader.hasMore()) {
        int type = reader.u8("TLV-Type");
        int length = reader.u8("TLV-Length");
        if (length < 3) {
          throw UnusableValueException.badForm(
              name + ": TLV " + type + " has length " + length + ", at least 3 is needed");
        }
        tlvs.add(new Tlv(type, reader.octets(length - 2, "TLV " + type)));
      }
    } catch (MalformedException e) {
      throw UnusableValueException.badForm(name + ": " + e.getMessage());
    }
    return tlvs;
  }
}
