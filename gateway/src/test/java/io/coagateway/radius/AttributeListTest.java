package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is too long for a vector: fragments (RFC 6929 section 2.2) and other splitting. */
class AttributeListTest {
  private static final AttributeDictionary DICTIONARY = TestDictionary.INSTANCE;
  private static final Octets OTHER = Octets.ofHex("0103 61");

  private static Octets numbered(int length) {
    OctetWriter out = new OctetWriter(length);
    for (int i = 0; i < length; i++) {
      out.u8(i);
    }
    return out.toOctets();
  }

  private static Octets fragment(int extendedType, boolean more, Octets value) {
    return new OctetWriter(value.length() + 4)
        .u8(245)
        .u8(value.length() + 4)
        .u8(extendedType)
        .u8(more ? 0x80 : 0)
        .octets(value)
        .toOctets();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "250,1", "251,1", "252,2", "502,2", "503,3", "3900,16"})
  void cutsALongValueIntoFragmentsAndJoinsThem(int length, int fragments) {
    AttributeList list =
        AttributeList.of(new Attribute(Attributes.DHCPV6_OPTIONS, numbered(length)));
    Octets octets = list.encode(DICTIONARY);
    assertThat(octets.length()).isEqualTo(length + 4 * fragments);
    assertThat(AttributeList.parse(octets, DICTIONARY)).isEqualTo(list);
  }

  @Test
  void joinsFragmentsThatOtherAttributesSeparate() {
    Octets value = numbered(510);
    Octets octets =
        fragment(3, true, value.slice(0, 251))
            .plus(OTHER)
            .plus(fragment(4, true, value.slice(0, 251)))
            .plus(fragment(3, true, value.slice(251, 502)))
            .plus(OTHER)
            .plus(fragment(4, false, value.slice(251, 255)))
            .plus(fragment(3, false, value.from(502)));
    AttributeList list = AttributeList.parse(octets, DICTIONARY);
    assertThat(list.defects()).isEmpty();
    assertThat(list.all())
        .containsExactly(
            new Attribute(Attributes.DHCPV6_OPTIONS, value),
            Attribute.ofText(Attributes.USER_NAME, "a"),
            new Attribute(AttributeId.extended(245, 4), value.slice(0, 255)),
            Attribute.ofText(Attributes.USER_NAME, "a"));
  }

  @Test
  void twoValuesOfOneTypeStayTwo() {
    Octets octets =
        fragment(3, true, numbered(251))
            .plus(fragment(3, false, numbered(1)))
            .plus(fragment(3, false, numbered(2)));
    assertThat(AttributeList.parse(octets, DICTIONARY).all(Attributes.DHCPV6_OPTIONS))
        .extracting(a -> a.value().length())
        .containsExactly(252, 2);
  }

  @Test
  void fragmentsWithoutEndAreADefectAtTheirFirst() {
    Octets octets = OTHER.plus(fragment(3, true, numbered(251))).plus(OTHER);
    AttributeList list = AttributeList.parse(octets, DICTIONARY);
    assertThat(list.all()).hasSize(2);
    assertThat(list.defects())
        .containsExactly(
            new AttributeDefect(
                Attributes.DHCPV6_OPTIONS,
                3,
                "the M flag promises a fragment that does not follow"));
  }

  /** RFC 6929 section 2.2: one invalid attribute, not two. */
  @Test
  void aFragmentThatCannotGoOnEndsWhatWasBegun() {
    Octets octets =
        fragment(3, true, numbered(251))
            .plus(fragment(3, true, numbered(2)))
            .plus(fragment(3, false, numbered(3)))
            .plus(OTHER);
    AttributeList list = AttributeList.parse(octets, DICTIONARY);
    assertThat(list.all())
        .containsExactly(
            new Attribute(Attributes.DHCPV6_OPTIONS, numbered(3)),
            Attribute.ofText(Attributes.USER_NAME, "a"));
    assertThat(list.defects())
        .containsExactly(
            new AttributeDefect(
                Attributes.DHCPV6_OPTIONS, 255, "the M flag is set but Length is 6, not 255"));
  }

  @Test
  void extendedVendorSpecificIsReadAfterJoining() {
    Octets octets =
        fragment(26, true, Octets.ofHex("00000009 05").plus(numbered(246)))
            .plus(fragment(26, false, numbered(10)));
    AttributeList list = AttributeList.parse(octets, DICTIONARY);
    assertThat(list.all())
        .containsExactly(
            new Attribute(AttributeId.extendedVendor(245, 9, 5), numbered(246).plus(numbered(10))));
    assertThat(list.encode(DICTIONARY)).isEqualTo(octets);
  }

  @Test
  void cutsAConcatenatedValueIntoAttributes() {
    Octets octets =
        AttributeList.of(new Attribute(Attributes.EAP_MESSAGE, numbered(300))).encode(DICTIONARY);
    assertThat(AttributeList.parse(octets, DICTIONARY).all())
        .extracting(a -> a.value().length())
        .containsExactly(253, 47);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "253, 253", "254, 253 1", "506, 253 253", "507, 253 253 1"})
  @DisplayName("RFC 3579 section 3.1: a cut value is whole again when its pieces are joined")
  void cutsWhereAnAttributeIsFull(int length, String pieces) {
    Attribute eap = new Attribute(Attributes.EAP_MESSAGE, numbered(length));
    List<Attribute> read =
        AttributeList.parse(AttributeList.of(eap).encode(DICTIONARY), DICTIONARY).all();
    assertThat(read.stream().map(a -> "" + a.value().length())).containsExactly(pieces.split(" "));
    Octets joined = Octets.EMPTY;
    for (Attribute piece : read) {
      joined = joined.plus(piece.value());
    }
    assertThat(joined).isEqualTo(eap.value());
  }

  /** Of a vendor whose attributes go on in the next (the {@code c} of its dictionary's format). */
  @ParameterizedTest
  @CsvSource({"0, 1", "246, 1", "247, 2", "492, 2", "493, 3"})
  @DisplayName(
      "RFC 2865 section 5.26: a vendor's long value goes on in the next one, M in all but the last")
  void cutsAVendorsLongValue(int length, int pieces) {
    AttributeId id = AttributeId.vendor(65002, 7);
    Octets octets = AttributeList.of(new Attribute(id, numbered(length))).encode(DICTIONARY);
    assertThat(octets.length()).isEqualTo(length + 9 * pieces);
    Octets joined = Octets.EMPTY;
    int at = 0;
    for (int piece = 1; piece <= pieces; piece++) {
      int size = octets.u8(at + 1);
      assertThat(octets.slice(at, at + 9).toHex())
          .isEqualTo(
              String.format("1a%02x0000fdea07%02x%02x", size, size - 6, piece < pieces ? 0x80 : 0));
      joined = joined.plus(octets.slice(at + 9, at + size));
      at += size;
    }
    assertThat(joined).isEqualTo(numbered(length));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 253, 254, 1: a value of 254 octets is 1 too long for one attribute",
    "241.1, 252, 253, 241.1: a value of 253 octets is 1 too long for one attribute",
    "26.9.1, 247, 248, 26.9.1: a value of 248 octets is 1 too long for one attribute",
    "26.65000.1, 245, 250, 26.65000.1: a value of 250 octets is 5 too long for one attribute",
    "241.26.9.1, 247, 249, 241.26.9.1: a value of 249 octets is 2 too long for one attribute",
  })
  @DisplayName(
      "an attribute is filled up to octet 255, and by how much a value is too long is said")
  void fillsAnAttribute(String id, int most, int tooLong, String message) {
    AttributeId attribute = AttributeId.parse(id);
    Octets full = AttributeList.of(new Attribute(attribute, numbered(most))).encode(DICTIONARY);
    assertThat(full.length()).isEqualTo(255);
    assertThat(full.u8(1)).isEqualTo(255);
    AttributeList list = AttributeList.of(new Attribute(attribute, numbered(tooLong)));
    assertThatThrownBy(() -> list.encode(DICTIONARY)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"9, 255", "65000, 65535"})
  @DisplayName("RFC 2865 section 5.26: a type is as large as its vendor's layout has room for")
  void refusesATypeWithoutRoom(long vendor, long largest) {
    Attribute fits = new Attribute(AttributeId.vendor(vendor, largest), OTHER);
    assertThat(AttributeList.parse(AttributeList.of(fits).encode(DICTIONARY), DICTIONARY).all())
        .containsExactly(fits);
    AttributeList list =
        AttributeList.of(new Attribute(AttributeId.vendor(vendor, largest + 1), OTHER));
    assertThatThrownBy(() -> list.encode(DICTIONARY)).hasMessageEndingWith("go up to " + largest);
  }

  @Test
  @DisplayName("RFC 6929 section 2.1: an extended attribute given as a whole is written as it is")
  void writesAWholeExtendedAttribute() {
    Octets octets =
        AttributeList.of(new Attribute(AttributeId.of(241), Octets.ofHex("09 0102")))
            .encode(DICTIONARY);
    assertThat(octets).isEqualTo(Octets.ofHex("f1 05 09 0102"));
  }

  @Test
  @DisplayName(
      "RFC 6929 section 2.3: a container that is given whole is none of the TLVs beside it")
  void keepsWholeContainersApart() {
    AttributeId inner = AttributeId.parse("241.9.1.4");
    AttributeList list =
        AttributeList.of(
            DICTIONARY.parse("Softwire46-MAP-E-BMR-EA-Length = 16"),
            new Attribute(inner, Octets.ofHex("0c0600000018")),
            new Attribute(
                Attributes.SOFTWIRE46_CONFIGURATION, Octets.ofHex("010a 0408 0c0600000020")));
    assertThat(list.encode(DICTIONARY))
        .isEqualTo(
            Octets.ofHex(
                """
                f1 15 09  01 12  04 08 0c0600000010  04 08 0c0600000018
                f1 0d 09  01 0a  04 08 0c0600000020
                """));
  }

  @Test
  @DisplayName("RFC 6929 section 2.3: each TLV comes into its own container, next to one another")
  void keepsContainersApart() {
    AttributeList list =
        AttributeList.of(
            DICTIONARY.parse("Softwire46-MAP-E-BMR-EA-Length = 16"),
            DICTIONARY.parse("Softwire46-MAP-E-PSID-Offset = 6"),
            DICTIONARY.parse("Softwire46-Option-Code = DS-Lite"));
    assertThat(list.encode(DICTIONARY))
        .isEqualTo(
            Octets.ofHex(
                """
                f1 15 09  01 12  04 08 0c0600000010  09 08 0f0600000006
                f1 09 0a  12 06 00000090
                """));
  }

  @Test
  @DisplayName("RFC 6929 section 2.3: a TLV holds 1 to 253 octets, in a long-extended one, too")
  void fillsATlv() {
    AttributeId id = AttributeId.parse("245.9.1");
    assertThat(AttributeList.of(new Attribute(id, numbered(253))).encode(DICTIONARY).length())
        .isEqualTo(255 + 2 * 4);
    for (int length : new int[] {0, 254}) {
      AttributeList list = AttributeList.of(new Attribute(id, numbered(length)));
      assertThatThrownBy(() -> list.encode(DICTIONARY))
          .hasMessage("245.9.1: a TLV holds 1 to 253 octets, not " + length);
    }
  }

  @Test
  void putsTlvsThatStandTogetherIntoOneContainer() {
    AttributeList list =
        AttributeList.of(
            DICTIONARY.parse("Softwire46-MAP-E-BMR-EA-Length = 16"),
            DICTIONARY.parse("Softwire46-MAP-E-BMR-IPv4-Prefix = 192.0.2.0/24"),
            DICTIONARY.parse("Softwire46-MAP-E-BR = 2001:db8:ffff::1"),
            DICTIONARY.parse("User-Name = a"),
            DICTIONARY.parse("Softwire46-Option-Code = DS-Lite"));
    assertThat(list.encode(DICTIONARY))
        .isEqualTo(
            Octets.ofHex(
                """
                f1 27 09  01 24  04 10 0c0600000010 0b080018c0000200
                          06 12 20010db8ffff00000000000000000001
                0103 61
                f1 09 0a  12 06 00000090
                """));
  }

  @Test
  void namesTheAttributeWhoseValueDoesNotFit() {
    for (AttributeId id :
        List.of(
            Attributes.USER_NAME,
            Attributes.SOFTWIRE46_CONFIGURATION,
            AttributeId.vendor(9, 1),
            AttributeId.vendor(9, 300),
            AttributeId.parse("241.9.1.4"))) {
      AttributeList list = AttributeList.of(new Attribute(id, numbered(254)));
      assertThatThrownBy(() -> list.encode(DICTIONARY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(id.toString());
    }
  }

  @Test
  void findsByIdInWireOrder() {
    AttributeList list =
        AttributeList.of(
            Attribute.ofText(Attributes.USER_NAME, "a"),
            Attribute.ofInteger(Attributes.NAS_PORT, 0xffffffffL),
            Attribute.ofText(Attributes.USER_NAME, "b"));
    assertThat(list.first(Attributes.USER_NAME))
        .contains(Attribute.ofText(Attributes.USER_NAME, "a"));
    assertThat(list.all(Attributes.USER_NAME)).hasSize(2);
    assertThat(list.count(Attributes.NAS_PORT)).isEqualTo(1);
    assertThat(list.has(Attributes.STATE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "144,144,0",
    "241.9,241.9,0",
    "26.9.1,26.9.1,0",
    "26.9.1.7,26.9.1,1",
    "241.26.9.5,241.26.9.5,0",
    "241.26.9.5.1,241.26.9.5,1",
    "241.9.1.4.10,241.9,3",
    "26.4294967295.1,26.4294967295.1,0",
    "173.1,173,1"
  })
  void readsAndPrintsIds(String text, String attribute, int depth) {
    AttributeId id = AttributeId.parse(text);
    assertThat(id).hasToString(text);
    assertThat(id.attribute()).hasToString(attribute);
    assertThat(id.tlvDepth()).isEqualTo(depth);
  }

  @ParameterizedTest
  @CsvSource({"256", "26.9", "241.256", "241.26.9", "a", "26..1", "1.", "-1", "26.4294967296.1"})
  void refusesWhatIsNoId(String text) {
    assertThatThrownBy(() -> AttributeId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\" is not an attribute by number");
  }

  /** RFC 2868 section 3.1: the tag has an octet of its own, and a number loses one to it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Tunnel-Type:1 = 16777216 | Give a number from 0 to 16777215",
        "Tunnel-Type:1 = 0x0000000d | Tunnel-Type: hex octets are the whole value; give the tag as",
        "Tunnel-Private-Group-Id:1 = 0x3432 | give the tag as the first of them, not :1",
        "Tunnel-Type:32 = VLAN | Tunnel-Type: a tag is 1 to 31, not 32",
        "User-Name:1 = alice | User-Name has no tag, but one is given: 1",
      })
  void aTagThatWouldBeLostIsRefused(String text, String message) {
    assertThatThrownBy(() -> DICTIONARY.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static AttributeDictionary withBox() {
    AttributeId box = AttributeId.extended(241, 99);
    return AttributeDictionary.builder()
        .addAll(DICTIONARY)
        .add(AttributeDefinition.of("Box", box, DataType.TLV))
        .add(AttributeDefinition.of("Box-Text", box.tlv(1), DataType.STRING))
        .add(AttributeDefinition.of("Box-Ether", box.tlv(2), DataType.ETHER))
        .build();
  }

  /** Commas, quotes and braces inside quotes end nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Box = { Box-Text = \"a, b\", Box-Ether = 02:00:5e:10:00:07 } | 0106612c2062 020802005e100007",
        "Box = { Box-Text = \"a\\\"}, {\" } | 0108 61227d2c207b",
        "Box = { Box-Text = \"a\", Box-Text = \"b\" } | 010361 010362",
      })
  void aContainerOfTextsIsReadAsItIsPrinted(String text, String hex) {
    AttributeDictionary dictionary = withBox();
    Attribute box = dictionary.parse(text);
    assertThat(box.value()).isEqualTo(Octets.ofHex(hex));
    assertThat(dictionary.print(box)).isEqualTo(text);
  }

  @Test
  void aContainerTakesTextsInSingleQuotesToo() {
    assertThat(withBox().parse("Box = { Box-Text = 'a\", ', Box-Text = b }").value())
        .isEqualTo(Octets.ofHex("0106 61222c20 010362"));
  }

  @Test
  void aTlvThatIsEmptyOrTooLongIsRefused() {
    AttributeDictionary dictionary = withBox();
    String most = "a".repeat(253);
    assertThat(dictionary.parse("Box = { Box-Text = " + most + " }").value().length())
        .isEqualTo(255);
    assertThatThrownBy(() -> dictionary.parse("Box = { Box-Text = " + most + "a }"))
        .hasMessage("Box-Text: a TLV holds 1 to 253 octets, not 254");
    assertThatThrownBy(() -> dictionary.parse("Box = { Box-Text = \"\" }"))
        .hasMessage("Box-Text: a TLV holds 1 to 253 octets, not 0");
    assertThatThrownBy(() -> dictionary.parse("Box = { Box-Ether = 02:00:5e:10:00 }"))
        .hasMessageContaining("Give an Ethernet address like");
  }

  @ParameterizedTest
  @CsvSource({"ffffffff, -1", "80000000, -2147483648", "7fffffff, 2147483647", "00000000, 0"})
  void aSignedNumberIsReadAsItIsPrinted(String hex, String text) {
    AttributeId id = AttributeId.of(250);
    AttributeDictionary dictionary =
        AttributeDictionary.builder()
            .add(AttributeDefinition.of("Offset", id, DataType.SIGNED))
            .build();
    Attribute offset = new Attribute(id, Octets.ofHex(hex));
    assertThat(dictionary.printValue(offset)).isEqualTo(text);
    assertThat(dictionary.parse(id, text)).isEqualTo(offset);
  }

  /** One value of an array is printed as one; several have no text of their own. */
  @Test
  void anArrayOfSeveralIsPrintedInHex() {
    AttributeId id = AttributeId.of(251);
    AttributeDefinition.Flags array = new AttributeDefinition.Flags(false, 0, false, true, 0);
    AttributeDictionary dictionary =
        AttributeDictionary.builder()
            .add(new AttributeDefinition("Many", id, DataType.INTEGER, Map.of(), array))
            .build();
    assertThat(dictionary.printValue(new Attribute(id, Octets.ofHex("00000007")))).isEqualTo("7");
    assertThat(dictionary.printValue(new Attribute(id, Octets.ofHex("0000000700000008"))))
        .isEqualTo("0x0000000700000008");
  }
}
