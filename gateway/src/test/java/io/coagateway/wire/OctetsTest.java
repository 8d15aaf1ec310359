package io.coagateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OctetsTest {
  @Test
  void readsHexWithSeparators() {
    assertThat(Octets.ofHex("0A:0b-0c 0d\n0e").toHex()).isEqualTo("0a0b0c0d0e");
  }

  @Test
  void namesTheCharacterThatIsNoHexDigit() {
    assertThatThrownBy(() -> Octets.ofHex("0a0g"))
        .hasMessage("\"g\" at position 3 is not a hex digit");
  }

  @Test
  void refusesHalfAnOctet() {
    assertThatThrownBy(() -> Octets.ofHex("0a0"))
        .hasMessage("hex text has 3 digits; an octet needs two, so the count must be even");
  }

  @Test
  void sliceEqualsACopyOfTheSameOctets() {
    Octets slice = Octets.ofHex("000102030405").slice(2, 5);
    assertThat(slice).isEqualTo(Octets.ofHex("020304")).hasSameHashCodeAs(Octets.ofHex("020304"));
    assertThat(slice.compact()).isEqualTo(slice);
    assertThat(slice.plus(Octets.ofHex("ff"))).isEqualTo(Octets.ofHex("020304ff"));
  }

  @Test
  void readsUnsignedIntegers() {
    Octets octets = Octets.ofHex("ff fffe fffffffd");
    assertThat(octets.u8(0)).isEqualTo(255);
    assertThat(octets.u16(1)).isEqualTo(65534);
    assertThat(octets.u32(3)).isEqualTo(4294967293L);
    assertThatThrownBy(() -> octets.u32(4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void comparesUnsigned() {
    assertThat(Octets.ofHex("7f")).isLessThan(Octets.ofHex("80"));
  }
}
