package io.coagateway.radius;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/** Attributes to octets: the reverse of {@link AttributeReader}. */
final class AttributeWriter {
  private static final int FULL = 255; // the longest Length
  private static final int LONG_HEADER = 4; // Type Length Extended-Type M+Reserved
  private static final int MORE = 0x80;

  private AttributeWriter() {}

  static Octets encode(List<Attribute> attributes, AttributeDictionary dictionary) {
    OctetWriter out = new OctetWriter();
    int at = 0;
    while (at < attributes.size()) {
      Attribute attribute = attributes.get(at++);
      if (attribute.id().tlvDepth() == 0) {
        write(attribute, dictionary, out);
        continue;
      }
      AttributeId whole = attribute.id().attribute();
      List<Attribute> tlvs = new ArrayList<>(List.of(attribute));
      while (at < attributes.size()
          && attributes.get(at).id().tlvDepth() > 0
          && attributes.get(at).id().attribute().equals(whole)) {
        tlvs.add(attributes.get(at++));
      }
      write(new Attribute(whole, fill(whole, tlvs)), dictionary, out);
    }
    return out.toOctets();
  }

  /** The TLVs, all of them somewhere inside {@code container}, as its value. */
  private static Octets fill(AttributeId container, List<Attribute> tlvs) {
    int depth = container.tlvDepth() + 1;
    OctetWriter out = new OctetWriter();
    int at = 0;
    while (at < tlvs.size()) {
      Attribute tlv = tlvs.get(at++);
      Octets value = tlv.value();
      AttributeId id = tlv.id();
      if (id.tlvDepth() > depth) {
        while (id.tlvDepth() > depth) {
          id = id.parent();
        }
        List<Attribute> inside = new ArrayList<>(List.of(tlv));
        while (at < tlvs.size() && isInside(tlvs.get(at).id(), id)) {
          inside.add(tlvs.get(at++));
        }
        value = fill(id, inside);
      }
      if (value.isEmpty() || value.length() > FULL - 2) {
        throw new IllegalArgumentException(
            id + ": a TLV holds 1 to 253 octets, not " + value.length());
      }
      out.u8((int) id.lastNumber()).u8(value.length() + 2).octets(value);
    }
    return out.toOctets();
  }

  private static boolean isInside(AttributeId id, AttributeId container) {
    AttributeId outer = id;
    while (outer.tlvDepth() > container.tlvDepth()) {
      outer = outer.parent();
    }
    return id.tlvDepth() > container.tlvDepth() && outer.equals(container);
  }

  private static void write(Attribute attribute, AttributeDictionary dictionary, OctetWriter out) {
    AttributeId id = attribute.id();
    Octets value = attribute.value();
    if (!id.isExtended()) {
      if (id.isVendor()) {
        vendorSpecific(attribute, dictionary, out);
        return;
      }
      if (dictionary.definition(id).filter(AttributeDefinition::isConcatenated).isPresent()) {
        int at = 0;
        do { // an empty value is one empty attribute
          int to = Math.min(value.length(), at + FULL - 2);
          plain(id, value.slice(at, to), out);
          at = to;
        } while (at < value.length());
        return;
      }
      plain(id, value, out);
      return;
    }
    if (isWhole(id)) {
      plain(id, value, out); // raw octets for the attribute as a whole, extended type included
      return;
    }
    Octets body =
        id.isVendor()
            ? new OctetWriter(value.length() + 5)
                .u32(id.vendorId())
                .u8((int) id.vendorType())
                .octets(value)
                .toOctets()
            : value;
    if (!id.isLongExtended()) {
      room(attribute, body.length(), FULL - 3);
      out.u8(id.type()).u8(body.length() + 3).u8(id.extendedType()).octets(body);
      return;
    }
    int at = 0;
    do { // RFC 6929 section 2.2: in order, next to each other, M in all but the last
      int to = Math.min(body.length(), at + FULL - LONG_HEADER);
      out.u8(id.type()).u8(to - at + LONG_HEADER).u8(id.extendedType());
      out.u8(to < body.length() ? MORE : 0).octets(body.slice(at, to));
      at = to;
    } while (at < body.length());
  }

  private static boolean isWhole(AttributeId id) {
    return id.equals(AttributeId.of(id.type()));
  }

  private static void plain(AttributeId id, Octets body, OctetWriter out) {
    room(new Attribute(id, body), body.length(), FULL - 2);
    out.u8(id.type()).u8(body.length() + 2).octets(body);
  }

  /** RFC 2865 section 5.26, laid out as the vendor does it. */
  private static void vendorSpecific(
      Attribute attribute, AttributeDictionary dictionary, OctetWriter out) {
    AttributeId id = attribute.id();
    Vendor vendor = dictionary.vendor(id.vendorId()).orElse(Vendor.ordinary("", id.vendorId()));
    Octets value = attribute.value();
    int most = FULL - 6 - vendor.headerOctets();
    if (!vendor.continued()) {
      room(attribute, value.length(), most);
    }
    long mostType = (1L << (8 * vendor.typeOctets())) - 1;
    if (id.vendorType() > mostType) {
      throw new IllegalArgumentException(
          id + ": the types of vendor " + vendor.name() + " go up to " + mostType);
    }
    int at = 0;
    do { // an empty value is one attribute, too
      int to = Math.min(value.length(), at + most);
      int length = vendor.headerOctets() + to - at;
      out.u8(id.type()).u8(length + 6).u32(id.vendorId());
      switch (vendor.typeOctets()) {
        case 1 -> out.u8((int) id.vendorType());
        case 2 -> out.u16((int) id.vendorType());
        default -> out.u32(id.vendorType());
      }
      switch (vendor.lengthOctets()) {
        case 0 -> {}
        case 1 -> out.u8(length);
        default -> out.u16(length);
      }
      if (vendor.continued()) {
        out.u8(to < value.length() ? MORE : 0);
      }
      out.octets(value.slice(at, to));
      at = to;
    } while (at < value.length());
  }

  private static void room(Attribute attribute, int needed, int most) {
    if (needed > most) {
      throw new IllegalArgumentException(
          attribute.id()
              + ": a value of "
              + attribute.value().length()
              + " octets is "
              + (needed - most)
              + " too long for one attribute");
    }
  }
}
