package io.coagateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 4007 section 6. */
class ZonedSocketTest {
  @ParameterizedTest
  @CsvSource({
    "fe80::1, true",
    "ff02::1:2, false",
    "ff05::1:3, false",
    "2001:db8::1, false",
    "::1, false"
  })
  void theZoneThatIsNamedTellsApartOrThatOfALinkLocalAddressAlone(
      String address, boolean inBothWays) throws UnknownHostException {
    InetSocketAddress here = at(address, 1);
    InetSocketAddress there = at(address, 2);
    InetSocketAddress nowhere = at(address, -1);
    assertThat(ZonedSocket.of(here))
        .isEqualTo(ZonedSocket.of(at(address, 1)))
        .isNotEqualTo(ZonedSocket.of(there))
        .isNotEqualTo(ZonedSocket.of(nowhere));
    assertThat(ZonedSocket.ofUnicast(here).equals(ZonedSocket.ofUnicast(there)))
        .isEqualTo(!inBothWays);
    assertThat(ZonedSocket.ofUnicast(here).equals(ZonedSocket.ofUnicast(nowhere)))
        .isEqualTo(!inBothWays);
  }

  private static InetSocketAddress at(String address, int zone) throws UnknownHostException {
    byte[] octets = Ipv6Address.parse(address).toOctets().toArray();
    return new InetSocketAddress(Inet6Address.getByAddress(null, octets, zone), 547);
  }

  /** As the configuration has it after a problem with an address. */
  @Test
  void oneThatIsUnresolvedHasNoZone() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere", 547);
    assertThat(ZonedSocket.of(unresolved)).isEqualTo(new ZonedSocket(unresolved, 0));
  }
}
