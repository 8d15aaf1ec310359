package io.coagateway.radius;

import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Walks the attributes of one packet from front to back; used once. */
final class AttributeReader {
  private static final int HEADER = 2; // Type, Length (RFC 2865 section 5)
  private static final int VENDOR_ID = 4; // RFC 2865 section 5.26
  private static final int MORE = 0x80; // RFC 6929 section 2.2
  private static final int FULL = 255;

  private final Octets octets;
  private final AttributeDictionary dictionary;
  private final List<Attribute> attributes = new ArrayList<>(16);
  private final List<AttributeDefect> defects = new ArrayList<>(0);
  private final List<Fragments> open = new ArrayList<>(0);
  private boolean holes;

  /** A value of which more is to come. */
  private static final class Fragments {
    final AttributeId id;
    final String flag; // what says so
    final int offset;
    final int place; // in the list of attributes
    Octets value;

    Fragments(AttributeId id, String flag, int offset, int place, Octets value) {
      this.id = id;
      this.flag = flag;
      this.offset = offset;
      this.place = place;
      this.value = value;
    }
  }

  AttributeReader(Octets octets, AttributeDictionary dictionary) {
    this.octets = octets;
    this.dictionary = dictionary;
  }

  AttributeList read() {
    int at = 0;
    while (at < octets.length()) {
      int type = octets.u8(at);
      int left = octets.length() - at;
      int length = left < HEADER ? 0 : octets.u8(at + 1);
      if (length < HEADER || length > left) {
        defect(AttributeId.of(type), at, lengthOutside(length, left));
        break;
      }
      if (type == AttributeId.VENDOR_SPECIFIC_TYPE) {
        vendorSpecific(at, octets.slice(at + HEADER, at + length));
      } else if (AttributeId.isLongExtended(type)) {
        longExtended(type, at, length);
      } else if (AttributeId.isExtended(type)) {
        extended(type, at, length);
      } else {
        attributes.add(new Attribute(AttributeId.of(type), octets.slice(at + HEADER, at + length)));
      }
      at += length;
    }
    for (Fragments fragments : open) {
      defect(
          fragments.id,
          fragments.offset,
          "the " + fragments.flag + " promises a fragment that does not follow");
    }
    if (holes) {
      attributes.removeIf(Objects::isNull);
    }
    if (attributes.isEmpty() && defects.isEmpty()) {
      return AttributeList.EMPTY;
    }
    return new AttributeList(
        Collections.unmodifiableList(attributes), Collections.unmodifiableList(defects));
  }

  private static String lengthOutside(int length, int left) {
    if (left < HEADER) {
      return "the header needs 2 octets, found 1";
    }
    return length < HEADER
        ? "Length " + length + " is less than the header's 2"
        : "Length " + length + " is more than the " + left + " octets that are left";
  }

  /** RFC 6929 section 2.1: Type Length Extended-Type Value, Length 4 to 255. */
  private void extended(int type, int at, int length) {
    if (length < 4) {
      defect(
          length < 3 ? AttributeId.of(type) : AttributeId.extended(type, octets.u8(at + 2)),
          at,
          "Length " + length + " is less than an extended attribute's 4");
      return;
    }
    int extendedType = octets.u8(at + 2);
    add(type, extendedType, at, at + 3, octets.slice(at + 3, at + length), attributes.size());
  }

  /** RFC 6929 section 2.2: Type Length Extended-Type M+Reserved Value, Length 5 to 255. */
  private void longExtended(int type, int at, int length) {
    if (length < 5) {
      defect(
          length < 3 ? AttributeId.of(type) : AttributeId.extended(type, octets.u8(at + 2)),
          at,
          "Length " + length + " is less than a long-extended attribute's 5");
      return;
    }
    AttributeId id = AttributeId.extended(type, octets.u8(at + 2));
    boolean more = (octets.u8(at + 3) & MORE) != 0; // the other bits are ignored on receipt
    Octets value = octets.slice(at + 4, at + length);
    Fragments fragments = fragmentsOf(id);
    if (more && length < FULL) {
      defect(id, at, "the M flag is set but Length is " + length + ", not 255");
      if (fragments != null) {
        open.remove(fragments);
      }
      return;
    }
    if (fragments == null) {
      if (!more) {
        add(type, id.extendedType(), at, at + 4, value, attributes.size());
        return;
      }
      open.add(new Fragments(id, "M flag", at, attributes.size(), value));
      attributes.add(null); // the joined value stands where its first fragment stood
      holes = true;
      return;
    }
    fragments.value = fragments.value.plus(value);
    if (!more) {
      open.remove(fragments);
      add(
          type,
          id.extendedType(),
          fragments.offset,
          fragments.offset + 4,
          fragments.value,
          fragments.place);
    }
  }

  private Fragments fragmentsOf(AttributeId id) {
    for (Fragments fragments : open) {
      if (fragments.id.equals(id)) {
        return fragments;
      }
    }
    return null;
  }

  /** Adds an extended attribute whose value is whole. */
  private void add(
      int type, int extendedType, int offset, int valueOffset, Octets value, int place) {
    Attribute attribute;
    int valueAt = valueOffset;
    if (extendedType == AttributeId.VENDOR_SPECIFIC_TYPE) {
      // RFC 6929 section 2.4: Vendor-Id(4), EVS-Type(1), value
      if (value.length() < VENDOR_ID + 2) {
        defect(
            AttributeId.extended(type, extendedType),
            offset,
            "Extended-Vendor-Specific needs Vendor-Id, EVS-Type and a value: 6 octets, found "
                + value.length());
        return;
      }
      valueAt += VENDOR_ID + 1;
      attribute =
          new Attribute(
              AttributeId.extendedVendor(type, value.u32(0), value.u8(VENDOR_ID)),
              value.from(VENDOR_ID + 1));
    } else {
      attribute = new Attribute(AttributeId.extended(type, extendedType), value);
    }
    if (!containerIsSound(attribute, valueAt)) {
      return;
    }
    if (place == attributes.size()) {
      attributes.add(attribute);
    } else {
      attributes.set(place, attribute);
    }
  }

  /**
   * RFC 2865 section 5.26. The layout behind Vendor-Id is the vendor's own: only for a vendor whose
   * format the dictionary knows is a layout that does not fit a defect; the attribute of another
   * vendor is kept whole.
   */
  private void vendorSpecific(int offset, Octets value) {
    if (value.length() <= VENDOR_ID) {
      defect(
          Attributes.VENDOR_SPECIFIC,
          offset,
          "Vendor-Specific needs Vendor-Id and data: 5 octets, found " + value.length());
      return;
    }
    long vendorId = value.u32(0);
    Optional<Vendor> known = dictionary.vendor(vendorId);
    Vendor vendor = known.orElseGet(() -> Vendor.ordinary("", vendorId));
    int header = vendor.headerOctets();
    for (int at = VENDOR_ID, length; at < value.length(); at += length) {
      int left = value.length() - at;
      length = left < header ? -1 : vendorLength(value, at, vendor, left);
      if (length >= header && length <= left) {
        continue;
      }
      if (known.isPresent()) {
        defect(
            Attributes.VENDOR_SPECIFIC,
            offset + HEADER + at,
            "the attributes of vendor "
                + vendor.name()
                + " do not fill it exactly: "
                + (left < header
                    ? "a header needs " + header + " octets, found " + left
                    : "Vendor-Length " + length + " with " + left + " octets left"));
      } else {
        attributes.add(new Attribute(Attributes.VENDOR_SPECIFIC, value));
      }
      return;
    }
    for (int at = VENDOR_ID, length; at < value.length(); at += length) {
      length = vendorLength(value, at, vendor, value.length() - at);
      vendorAttribute(
          AttributeId.vendor(vendorId, vendorType(value, at, vendor.typeOctets())),
          vendor.continued() && (value.u8(at + 2) & MORE) != 0,
          value.slice(at + header, at + length),
          offset + HEADER + at,
          offset + HEADER + at + header);
    }
  }

  /**
   * One attribute of a vendor, or a fragment of it.
   *
   * @param more whether the value goes on in the vendor's next attribute of this type
   */
  private void vendorAttribute(
      AttributeId id, boolean more, Octets value, int offset, int valueOffset) {
    Fragments fragments = fragmentsOf(id);
    if (fragments != null) {
      fragments.value = fragments.value.plus(value);
    } else if (more) {
      fragments = new Fragments(id, "continuation bit", offset, attributes.size(), value);
      open.add(fragments);
      attributes.add(null); // as with long-extended ones
      holes = true;
    }
    if (more) {
      return;
    }
    if (fragments == null) {
      Attribute attribute = new Attribute(id, value);
      if (containerIsSound(attribute, valueOffset)) {
        attributes.add(attribute);
      }
      return;
    }
    open.remove(fragments);
    Attribute attribute = new Attribute(id, fragments.value);
    if (containerIsSound(attribute, fragments.offset)) {
      attributes.set(fragments.place, attribute);
    }
  }

  private static int vendorLength(Octets value, int at, Vendor vendor, int left) {
    int lengthAt = at + vendor.typeOctets();
    return switch (vendor.lengthOctets()) {
      case 0 -> left;
      case 1 -> value.u8(lengthAt);
      default -> value.u16(lengthAt);
    };
  }

  private static long vendorType(Octets value, int at, int typeOctets) {
    return switch (typeOctets) {
      case 1 -> value.u8(at);
      case 2 -> value.u16(at);
      default -> value.u32(at);
    };
  }

  private boolean containerIsSound(Attribute attribute, int valueOffset) {
    if (dictionary.typeOf(attribute.id()) != DataType.TLV) {
      return true;
    }
    Optional<AttributeDefect> defect = TlvReader.check(attribute, dictionary, valueOffset);
    defect.ifPresent(defects::add);
    return defect.isEmpty();
  }

  private void defect(AttributeId id, int offset, String reason) {
    defects.add(new AttributeDefect(id, offset, reason));
  }
}
