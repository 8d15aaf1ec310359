package io.coagateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OctetReaderTest {
  @Test
  void namesFieldOffsetAndWhatWasFound() throws MalformedException {
    OctetReader reader = Octets.ofHex("01 0203 04").reader();
    reader.u8("hop-count");
    assertThat(reader.u16("option-code")).isEqualTo(0x0203);
    assertThatThrownBy(() -> reader.u32("t1")).hasMessage("t1 needs 4 octets at offset 3, found 1");
  }

  @Test
  void offsetsOfASubReaderCountFromTheOutermostInput() throws MalformedException {
    OctetReader reader = Octets.ofHex("0102 0304 05").reader();
    reader.u16("code");
    OctetReader sub = reader.sub(2, "body");
    sub.u8("first");
    assertThatThrownBy(() -> sub.u16("second"))
        .isInstanceOfSatisfying(
            MalformedException.class, e -> assertThat(e.within("BOX").offset()).isEqualTo(3))
        .hasMessage("second needs 2 octets at offset 3, found 1");
    assertThat(reader.offset()).isEqualTo(4);
  }

  @Test
  void refusesTrailingOctets() {
    assertThatThrownBy(() -> Octets.ofHex("0102").reader().end("LINK_ADDRESS"))
        .hasMessage("LINK_ADDRESS ends at offset 0, but 2 octets follow");
  }

  @Test
  void containersReadFromOutsideIn() {
    MalformedException inner = new MalformedException("t1 needs 4 octets at offset 8, found 2", 8);
    assertThat(inner.within("IAPREFIX").within("IA_PD"))
        .hasMessage("IA_PD > IAPREFIX: t1 needs 4 octets at offset 8, found 2");
  }

  @Test
  void writesWhatItReads() throws MalformedException {
    Octets octets =
        new OctetWriter(16)
            .u8(1)
            .u16(0x0203)
            .u24(0x040506)
            .u32(0xfffefdfcL)
            .ipv6(Ipv6Address.parse("2001:db8::1"))
            .octets(Octets.ofHex("aabb"))
            .toOctets();
    OctetReader reader = octets.reader();
    assertThat(reader.u8("a")).isEqualTo(1);
    assertThat(reader.u16("b")).isEqualTo(0x0203);
    assertThat(reader.u24("c")).isEqualTo(0x040506);
    assertThat(reader.u32("d")).isEqualTo(0xfffefdfcL);
    assertThat(reader.ipv6("e")).isEqualTo(Ipv6Address.parse("2001:db8::1"));
    assertThat(reader.rest()).isEqualTo(Octets.ofHex("aabb"));
  }
}
