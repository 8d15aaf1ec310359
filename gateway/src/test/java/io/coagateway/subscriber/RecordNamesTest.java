package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordNamesTest {
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");

  private static String at(String interfaceId) {
    return RecordNames.ofPlace(CLIENT, LINK, Optional.of(Octets.ofUtf8(interfaceId)));
  }

  @Test
  void namesARecordAfterItsClientAndPlace() {
    assertThat(RecordNames.ofPlace(CLIENT, LINK, Optional.empty()))
        .isEqualTo("0003000102005e100007@2001:db8:0:7::1");
    assertThat(at("1/1/7")).isEqualTo("0003000102005e100007@2001:db8:0:7::1/1/1/7");
    assertThat(at("1 7")).isEqualTo("0003000102005e100007@2001:db8:0:7::1/0x312037");
  }

  /** SHA-256 of a thousand times "a", as sha256sum prints it. */
  @Test
  void takesTheDigestOfAnInterfaceIdThatIsTooLong() {
    assertThat(at("a".repeat(1000)))
        .isEqualTo(
            "0003000102005e100007@2001:db8:0:7::1/sha256:"
                + "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
    assertThat(at("a".repeat(999) + "b")).isNotEqualTo(at("a".repeat(1000)));
    assertThat(at("a".repeat(900))).endsWith("aaa");
  }
}
