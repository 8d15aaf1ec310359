package io.coagateway.radius;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * Any octets after the header of a packet: attributes and defects, never an exception. Each
 * attribute's text reads back as the attribute; a list without defects is written and read back the
 * same (RFC 6929: extended, long extended, fragments, TLVs).
 */
public final class AttributesFuzz {
  private static final AttributeDictionary DICTIONARY = TestDictionary.INSTANCE;

  private AttributesFuzz() {}

  /** Where to start. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("radius-attributes").hex("radius/attributes.txt", "hex");
    for (int type = 241; type <= 246; type++) {
      Octets value = new OctetWriter().zeros(200).toOctets();
      OctetWriter fragments = new OctetWriter();
      for (int i = 0; i < 3; i++) {
        fragments.u8(type).u8(204).u8(3).u8(i < 2 ? 0x80 : 0).octets(value);
      }
      seeds.add(fragments.toOctets().toArray());
    }
    return seeds;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    Octets octets = Octets.wrap(input);
    AttributeList list = AttributeList.parse(octets, DICTIONARY);
    for (AttributeDefect defect : list.defects()) {
      require(
          defect.offset() >= 0 && defect.offset() <= input.length,
          () -> "offset " + defect.offset() + " of " + defect);
      require(!defect.reason().isEmpty(), () -> "no reason");
    }
    for (Attribute attribute : list) {
      readsBack(attribute);
    }
    if (list.defects().isEmpty()) {
      Octets written = list.encode(DICTIONARY);
      require(
          written.length()
              <= 4 * input.length + 16, // one vendor attribute for each Vendor-Specific
          () -> input.length + " octets became " + written.length());
      equal(AttributeList.parse(written, DICTIONARY).all(), list.all(), "written and read");
    }
  }

  /** Not where the text leaves out what is on the wire, see {@link MutationTest}. */
  private static void readsBack(Attribute attribute) {
    String text = DICTIONARY.print(attribute);
    DataType type = DICTIONARY.typeOf(attribute.id());
    boolean tagged =
        DICTIONARY
            .definition(attribute.id())
            .filter(d -> d.flags().tagged() || d.type() == DataType.IPV6PREFIX)
            .isPresent();
    if (!tagged && type != DataType.TLV && type != DataType.IPV4PREFIX) {
      equal(DICTIONARY.parse(text), attribute, text);
    }
  }
}
