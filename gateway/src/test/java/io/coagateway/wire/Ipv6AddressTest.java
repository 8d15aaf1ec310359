package io.coagateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6AddressTest {
  @ParameterizedTest
  @CsvSource({
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
    "::, ::",
    "::1, ::1",
    "fe80::5eff:fe10:7, fe80::5eff:fe10:7",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
  })
  void printsTheFormOfRfc5952(String text, String canonical) {
    assertThat(Ipv6Address.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "0, ::",
    "1, 8000::",
    "56, ffff:ffff:ffff:ff00::",
    "64, ffff:ffff:ffff:ffff::",
    "65, ffff:ffff:ffff:ffff:8000::",
    "128, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  })
  void masksToThePrefixLength(int length, String expected) {
    assertThat(new Ipv6Address(-1, -1).masked(length)).isEqualTo(Ipv6Address.parse(expected));
  }

  @Test
  void keepsMappedAddressesAsIpv6() {
    Ipv6Address mapped = Ipv6Address.parse("::ffff:192.0.2.1");
    assertThat(mapped.toOctets().toHex()).isEqualTo("00000000000000000000ffffc0000201");
    assertThat(Ipv6Address.of(mapped.toOctets(), 0)).isEqualTo(mapped);
  }

  @Test
  void refusesWhatIsNoAddress() {
    assertThatThrownBy(() -> Ipv6Address.parse("2001:db8::zz"))
        .hasMessage("\"2001:db8::zz\" is not an IPv6 address. Give one like 2001:db8::53");
    assertThatThrownBy(() -> Ipv6Address.parse("192.0.2.1")).hasMessageContaining("192.0.2.1");
    assertThatThrownBy(() -> Ipv6Address.parse("fe80::1%eth0")).hasMessageContaining("%eth0");
  }

  @Test
  void prefixesContainTheirAddresses() {
    Ipv6Prefix prefix = Ipv6Prefix.parse("2001:db8:42::/56");
    assertThat(prefix.contains(Ipv6Address.parse("2001:db8:42:ff::1"))).isTrue();
    assertThat(prefix.contains(Ipv6Address.parse("2001:db8:42:100::1"))).isFalse();
    assertThat(Ipv6Prefix.parse("2001:db8::1/64").isMasked()).isFalse();
    assertThat(Ipv6Prefix.parse("2001:db8::1/64").masked()).hasToString("2001:db8::/64");
    assertThatThrownBy(() -> Ipv6Prefix.parse("2001:db8::/129"))
        .hasMessageContaining("\"2001:db8::/129\" is not an IPv6 prefix");
  }
}
