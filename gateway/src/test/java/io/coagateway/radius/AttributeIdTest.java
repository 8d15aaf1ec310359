package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeIdTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "144,              144, 0, 144",
    "26.9.1,        26.9.1, 0, 1",
    "26.9.1.4,      26.9.1, 1, 4",
    "241.9,          241.9, 0, 9",
    "246.255.7.8,  246.255, 2, 8",
    "241.26.9.1, 241.26.9.1, 0, 1",
    "241.26.9.1.2, 241.26.9.1, 1, 2",
    "26.4294967295.4294967295, 26.4294967295.4294967295, 0, 4294967295"
  })
  @DisplayName("RFC 6929 section 2: numbers of the attribute itself, then those of its TLVs")
  void knowsWhereItsTlvsBegin(String text, String whole, int depth, long last) {
    AttributeId id = AttributeId.parse(text);
    assertThat(id).hasToString(text);
    assertThat(id.attribute()).isEqualTo(AttributeId.parse(whole));
    assertThat(id.tlvDepth()).isEqualTo(depth);
    assertThat(id.lastNumber()).isEqualTo(last);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "256",
        "26.9",
        "240.256",
        "241.256",
        "241.26.9",
        "26.9.1.256",
        "26.4294967296.1",
        "26.9.-1",
        "144.a"
      })
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> AttributeId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is not an attribute by number.");
  }

  @ParameterizedTest
  @ValueSource(ints = {240, 247})
  @DisplayName("RFC 6929 section 2: 241 to 246 are extended, their neighbours are not")
  void extendedTypesEnd(int type) {
    assertThat(AttributeId.of(type).isExtended()).isFalse();
    assertThatThrownBy(() -> AttributeId.extended(type, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("type " + type + " is not 241 to 246");
    assertThatThrownBy(() -> AttributeId.extendedVendor(type, 9, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("type " + type + " is not 241 to 246");
  }

  @Test
  void hasNoPartThatIsNotThere() {
    assertThatThrownBy(() -> AttributeId.of(241).extendedType())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> AttributeId.vendor(9, 1).extendedType())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> AttributeId.extended(241, 26).vendorId())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> AttributeId.of(26).vendorType())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> AttributeId.vendor(9, 1).parent())
        .isInstanceOf(IllegalStateException.class);
    assertThat(AttributeId.vendor(9, 1).tlv(3).parent()).isEqualTo(AttributeId.vendor(9, 1));
  }

  @Test
  void isOrderedByItsNumbersWithoutASign() {
    assertThat(AttributeId.vendor(0xffffffffL, 1)).isGreaterThan(AttributeId.vendor(9, 1));
    assertThat(AttributeId.of(26)).isLessThan(AttributeId.vendor(9, 1));
    assertThat(AttributeId.of(1)).isLessThan(AttributeId.of(2));
  }
}
