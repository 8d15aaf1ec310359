package io.coagateway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between the start of a frame and the datagram, by hand. */
class DatagramReaderTest {
  private static final int ETHERNET = 1;
  private static final int RAW = 101;
  private static final Instant SEEN = Instant.parse("2026-11-21T20:00:00Z");
  private static final String ADDRESSES =
      "20010db8000000000000000000000001" + "20010db8000000000000000000000547";
  private static final String PAYLOAD = "0c0020010db8000000070000000000000001";

  private final List<String> skipped = new ArrayList<>();
  private final DatagramReader reader =
      new DatagramReader((reason, detail) -> skipped.add(reason.label() + " " + detail));

  private static String udp(int from, int to, int length) {
    return "%04x%04x%04x0000".formatted(from, to, length) + PAYLOAD;
  }

  private static String udp() {
    return udp(547, 547, 8 + PAYLOAD.length() / 2);
  }

  private static String ipv6(int nextHeader, String payload) {
    return "60000000%04x%02x40".formatted(payload.length() / 2, nextHeader) + ADDRESSES + payload;
  }

  private Optional<CapturedDatagram> read(int linkType, String hex) {
    Octets data = Octets.ofHex(hex);
    return reader.read(new CapturedFrame(linkType, SEEN, data, data.length()));
  }

  private void isRead(int linkType, String hex) {
    assertThat(read(linkType, hex))
        .contains(
            new CapturedDatagram(
                Ipv6Address.parse("2001:db8::1"),
                547,
                Ipv6Address.parse("2001:db8::547"),
                547,
                Octets.ofHex(PAYLOAD),
                SEEN));
    assertThat(skipped).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 14, RAW, 229})
  void readsRawIp(int linkType) {
    isRead(linkType, ipv6(17, udp()));
  }

  @ParameterizedTest
  @DisplayName("AF_INET6 of Linux, NetBSD, FreeBSD and macOS, in either byte order")
  @CsvSource({"0, 10", "0, 24", "108, 28", "108, 30"})
  void readsLoopback(int linkType, int family) {
    isRead(linkType, "%08x".formatted(family) + ipv6(17, udp()));
    isRead(linkType, "%08x".formatted(Integer.reverseBytes(family)) + ipv6(17, udp()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000002", "02000000", "0000ffff", "0000000b"})
  void passesOverLoopbackOfOtherFamilies(String family) {
    assertThat(read(0, family + ipv6(17, udp()))).isEmpty();
    assertThat(skipped).singleElement().asString().startsWith("not-ipv6 address family ");
  }

  @ParameterizedTest
  @DisplayName("what is no IPv6 by its EtherType is none, whatever it holds")
  @ValueSource(strings = {"0800", "8847", "8100 0007 0800"})
  void passesOverOtherEtherTypes(String type) {
    String addresses = "02005e100007" + "02005e100008";
    assertThat(read(ETHERNET, addresses + type.replace(" ", "") + ipv6(17, udp()))).isEmpty();
    assertThat(read(276, type.substring(0, 4) + "00".repeat(18) + ipv6(17, udp()))).isEmpty();
    assertThat(skipped).allSatisfy(why -> assertThat(why).startsWith("not-ipv6 EtherType 0x"));
  }

  @Test
  void passesOverIpv4InIpv6sPlace() {
    String ipv4 = "4" + ipv6(17, udp()).substring(1);
    assertThat(read(RAW, ipv4)).isEmpty();
    assertThat(skipped).containsExactly("not-ipv6 IP version 4");
  }

  @ParameterizedTest(name = "header {0}")
  @DisplayName("RFC 8200 section 4: hop-by-hop, routing and destination options, short and long")
  @ValueSource(ints = {0, 43, 60})
  void passesExtensionHeaders(int header) {
    isRead(RAW, ipv6(header, "1100" + "00".repeat(6) + udp()));
    isRead(RAW, ipv6(header, "1102" + "ff".repeat(22) + udp()));
    isRead(
        RAW,
        ipv6(
            header,
            "%02x00".formatted(header) + "00".repeat(6) + "1101" + "00".repeat(14) + udp()));
  }

  @Test
  @DisplayName("RFC 4302 section 2.2: the length of an Authentication Header counts by fours")
  void passesAnAuthenticationHeader() {
    isRead(RAW, ipv6(51, "1104" + "00".repeat(22) + udp())); // ICV of 96 bits
    isRead(RAW, ipv6(51, "1105" + "ff".repeat(26) + udp()));
  }

  @Test
  void passesOverWhatIsNoUdp() {
    assertThat(read(RAW, ipv6(58, "8000" + "00".repeat(6)))).isEmpty();
    assertThat(read(RAW, ipv6(50, "00".repeat(16)))).isEmpty(); // encrypted
    assertThat(skipped)
        .containsExactly("not-dhcpv6 IPv6 next header 58", "not-dhcpv6 IPv6 next header 50");
  }

  @ParameterizedTest
  @DisplayName("to or from port 547: a server or relay may send from another (RFC 8357)")
  @CsvSource({"547, 40000, true", "40000, 547, true", "546, 40000, false"})
  void looksAtBothPorts(int from, int to, boolean taken) {
    assertThat(read(RAW, ipv6(17, udp(from, to, 8 + PAYLOAD.length() / 2))).isPresent())
        .isEqualTo(taken);
    assertThat(skipped).isEqualTo(taken ? List.of() : List.of("not-dhcpv6 UDP port 546 to 40000"));
  }

  @Test
  void takesAnEmptyDatagramAndNoShorterOne() {
    assertThat(read(RAW, ipv6(17, udp(547, 547, 8))).orElseThrow().payload())
        .isEqualTo(Octets.EMPTY);
    assertThat(read(RAW, ipv6(17, udp(547, 547, 7)))).isEmpty();
    assertThat(skipped)
        .singleElement()
        .asString()
        .startsWith("broken-packet")
        .contains("UDP length 7 is not 8 or more");
  }

  @Test
  void tellsAFrameThatWasCutFromOneThatIsBroken() {
    Octets cut = Octets.ofHex(ipv6(17, udp())).slice(0, 50);
    reader.read(new CapturedFrame(RAW, SEEN, cut, 51));
    reader.read(new CapturedFrame(RAW, SEEN, cut, 50));
    assertThat(skipped)
        .extracting(why -> why.substring(0, why.indexOf(' ')))
        .containsExactly("cut-short", "broken-packet");
  }
}
