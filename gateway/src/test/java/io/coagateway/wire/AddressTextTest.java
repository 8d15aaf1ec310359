package io.coagateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AddressTextTest {
  private static String of(InetAddress address) {
    return AddressText.of(new InetSocketAddress(address, 547));
  }

  @Test
  void isWhatTheConfigurationHas() throws Exception {
    assertThat(of(InetAddress.getByName("2001:db8:0:0::547"))).isEqualTo("[2001:db8::547]:547");
    assertThat(of(InetAddress.getByName("192.0.2.1"))).isEqualTo("192.0.2.1:547");
    assertThat(of(InetAddress.getByAddress("server.example.net", new byte[] {10, 0, 0, 1})))
        .as("no name, whoever gave it")
        .isEqualTo("10.0.0.1:547");
  }

  @Test
  void keepsTheZone() throws Exception {
    byte[] octets = InetAddress.getByName("fe80::1").getAddress();
    assertThat(of(Inet6Address.getByAddress(null, octets, 7))).isEqualTo("[fe80::1%7]:547");
    assertThat(AddressText.of(Inet6Address.getByAddress(null, octets, 7))).isEqualTo("fe80::1%7");
  }

  @Test
  @DisplayName("RFC 4007 section 11.2: zone 0 is the default one, and not written")
  void leavesZoneZeroOut() throws Exception {
    byte[] octets = InetAddress.getByName("2001:db8::547").getAddress();
    assertThat(of(Inet6Address.getByAddress(null, octets, 0))).isEqualTo("[2001:db8::547]:547");
  }
}
