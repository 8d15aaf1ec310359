package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.radius.Secret;
import io.coagateway.radsec.CertificateRule;
import io.coagateway.radsec.Peer;
import io.coagateway.radsec.TestCertificates;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.ratelimit.Limiter;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5176 section 6.1: the source address alone says which client, and so which secret. */
class ClientTableTest {
  private final ReplayMemory memory = new ReplayMemory(256, Duration.ofMinutes(5), 1);

  private ClientTable table(List<DasClient> clients) {
    return ClientTable.of(clients, ClientTable.empty(), memory);
  }

  private static DasClient client(String name, String... ranges) {
    return DasClient.of(
        name,
        java.util.Arrays.stream(ranges).map(AddressRange::parse).toList(),
        Secret.of("testing123"));
  }

  private static Optional<String> name(ClientTable table, String address) {
    return table.find(address(address)).map(entry -> entry.client().name());
  }

  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, all4",
    "192.0.2.0, net",
    "192.0.2.7, one",
    "192.0.2.8, net",
    "192.0.2.255, net",
    "192.0.3.0, all4",
    "255.255.255.255, top",
    "2001:db8::1, six",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, six",
    "2001:db8:0:1:ffff:ffff:ffff:ffff, link",
    "2001:db8:0:2::, six",
  })
  void theLongestPrefixWins(String address, String name) {
    ClientTable table =
        table(
            List.of(
                client("all4", "0.0.0.0/0"),
                client("one", "192.0.2.7"),
                client("net", "192.0.2.0/24"),
                client("top", "255.255.255.255/32"),
                client("six", "2001:db8::/32"),
                client("link", "2001:db8:0:1::/64")));
    assertThat(name(table, address)).contains(name);
    assertThat(name(table, "2001:db9::")).isEmpty();
    assertThat(name(table, "::1")).isEmpty();
    assertThat(name(table, "::c000:207")).as("the same 32 bits, but IPv6").isEmpty();
  }

  /** RFC 5176 section 6.3: a captured request is as good under the client's new name. */
  @Test
  void aRenamedClientIsNotHeardOfWhatWasForgottenUnderItsOldName() {
    ClientTable before = table(List.of(client("dac-1", "192.0.2.1")));
    int number = before.find(address("192.0.2.1")).orElseThrow().number();
    for (int i = 0; i < 300; i++) { // the first 44 must go
      memory.answered(memory.add(i, i, 0, number, 1000 + i, 0, 1300), new byte[20]);
    }
    ClientTable after =
        ClientTable.of(
            List.of(
                client("renamed", "192.0.2.1"),
                DasClient.of(
                    "other", List.of(AddressRange.parse("192.0.2.2")), Secret.of("another"))),
            before,
            memory);

    int renamed = after.find(address("192.0.2.1")).orElseThrow().number();
    assertThat(renamed).isNotEqualTo(number);
    assertThat(memory.reachesBackTo(renamed, 1043)).isFalse();
    assertThat(memory.reachesBackTo(renamed, 1044)).isTrue();
    int other = after.find(address("192.0.2.2")).orElseThrow().number();
    assertThat(memory.reachesBackTo(other, 1043)).as("with a secret of its own").isTrue();
  }

  /** In one reload it goes, in the next one it comes back under another name. */
  @Test
  void aClientThatComesBackRenamedIsNotHeardOfWhatWasForgottenEither() {
    DasClient other =
        DasClient.of("other", List.of(AddressRange.parse("192.0.2.2")), Secret.of("another"));
    ClientTable first = table(List.of(client("dac-1", "192.0.2.1"), other));
    int number = first.find(address("192.0.2.1")).orElseThrow().number();
    for (int i = 0; i < 300; i++) { // the first 44 must go
      memory.answered(memory.add(i, i, 0, number, 1000 + i, 0, 1300), new byte[20]);
    }
    ClientTable without = ClientTable.of(List.of(other), first, memory);
    ClientTable back =
        ClientTable.of(List.of(client("renamed", "192.0.2.1"), other), without, memory);

    int renamed = back.find(address("192.0.2.1")).orElseThrow().number();
    assertThat(memory.reachesBackTo(renamed, 1043)).isFalse();
    assertThat(memory.reachesBackTo(renamed, 1044)).isTrue();
    int stayed = back.find(address("192.0.2.2")).orElseThrow().number();
    assertThat(memory.reachesBackTo(stayed, 1043)).as("it was there all the time").isTrue();
  }

  @Test
  void everyIpv6AddressIsNoIpv4Address() {
    ClientTable table = table(List.of(client("six", "::/0")));
    assertThat(name(table, "192.0.2.7")).isEmpty();
    assertThat(name(table, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).contains("six");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithTryingThemAll(long seed) {
    Random random = new Random(seed);
    Set<AddressRange> ranges = new LinkedHashSet<>();
    while (ranges.size() < 200) {
      int length = random.nextInt(17) + 16;
      int bits = random.nextInt(1 << 16) & -1 << (32 - length);
      ranges.add(AddressRange.parse(NetUtil.intToIpAddress(0x0a000000 | bits) + "/" + length));
    }
    List<DasClient> clients = new ArrayList<>();
    ranges.forEach(range -> clients.add(client("dac " + range, range.toString())));
    ClientTable table = table(clients);
    for (int i = 0; i < 20_000; i++) {
      String text = NetUtil.intToIpAddress(0x0a000000 | random.nextInt(1 << 17));
      InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
      Optional<String> expected =
          ranges.stream()
              .filter(range -> range.contains(address))
              .max(Comparator.comparingInt(AddressRange::length))
              .map(range -> "dac " + range);
      assertThat(name(table, text)).as(text).isEqualTo(expected);
    }
  }

  /** A request from there comes with the IPv4 address, and would find no client. */
  @Test
  void anIpv4MappedRangeIsAnIpv4Range() {
    assertThat(AddressRange.parse("::ffff:192.0.2.7")).isEqualTo(AddressRange.parse("192.0.2.7"));
    assertThat(AddressRange.parse("::ffff:192.0.2.0/120"))
        .isEqualTo(AddressRange.parse("192.0.2.0/24"));
    assertThat(AddressRange.parse("::ffff:0:0/96")).isEqualTo(AddressRange.parse("0.0.0.0/0"));
    assertThat(AddressRange.parse("::fffe:0:0/95").ipv4()).isFalse();
    assertThat(AddressRange.parse("2001:db8::ffff:c000:207").ipv4()).as("ends like one").isFalse();
    ClientTable table = table(List.of(client("dac", "::ffff:192.0.2.7")));
    assertThat(name(table, "192.0.2.7")).contains("dac");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.7, true",
    "192.0.2.0/24, ::c000:207, false",
    "192.0.2.0/24, 192.0.3.0, false",
    "::/96, ::c000:207, true",
    "::/96, 192.0.2.7, false",
  })
  @DisplayName("a range has addresses of its own family alone")
  void aRangeIsOfOneFamily(String range, String address, boolean contained) {
    assertThat(AddressRange.parse(range).contains(address(address))).isEqualTo(contained);
  }

  private static DasClient overTls(String name, String rule, String... ranges) {
    DasClient client = client(name, ranges.length == 0 ? new String[] {"::1"} : ranges);
    return new DasClient(
        name,
        ranges.length == 0 ? List.of() : client.addresses(),
        List.of(),
        client.messageAuthenticator(),
        client.signAnswers(),
        client.eventTimestamp(),
        client.rateLimit(),
        client.kinds(),
        client.sessions(),
        Optional.of(
            new TlsPeer(
                rule.isEmpty() ? List.of() : List.of(CertificateRule.parse(rule)),
                TlsPeer.RADSEC,
                List.of())));
  }

  private static Optional<String> identified(ClientTable table, String certificate, String from) {
    return table
        .identify(TestCertificates.certificate(certificate), address(from))
        .map(Peer::client);
  }

  @Test
  @DisplayName("RFC 6614 section 2.3: a certificate rule before an address alone; then by name")
  void theCertificateSaysWhichClientComesOverTls() {
    ClientTable table =
        table(
            List.of(
                client("udp", "192.0.2.0/24"),
                overTls("any", "", "192.0.2.0/24"),
                overTls("near", "dac-2.example.net", "198.51.100.0/24"),
                overTls("rule-b", "dac.example.net"),
                overTls("rule-a", "192.0.2.7")));
    assertThat(identified(table, "dac", "192.0.2.9")).contains("rule-a");
    assertThat(identified(table, "dac", "203.0.113.1")).contains("rule-a");
    assertThat(identified(table, "dac-2", "198.51.100.1")).contains("near");
    assertThat(identified(table, "dac-2", "192.0.2.9")).as("near is elsewhere").contains("any");
    assertThat(identified(table, "dac-2", "203.0.113.1")).isEmpty();
  }

  @Test
  @DisplayName("RFC 6614 section 2.3: from where nobody may come over TLS nothing is taken")
  void saysWhoMayComeOverTls() {
    ClientTable table =
        table(
            List.of(
                client("udp", "192.0.2.0/24"),
                overTls("near", "dac.example.net", "198.51.100.0/24")));
    assertThat(table.mayComeFrom(address("198.51.100.1"))).isTrue();
    assertThat(table.mayComeFrom(address("192.0.2.7"))).as("over UDP").isFalse();
    assertThat(table.mayComeFrom(address("203.0.113.1"))).isFalse();
    ClientTable anywhere = table(List.of(overTls("rule", "dac.example.net")));
    assertThat(anywhere.mayComeFrom(address("203.0.113.1"))).isTrue();
  }

  @Test
  void anUnchangedLimitGoesOnCountingAfterAReload() {
    ClientTable before = table(List.of(Bench.client("rate-limit=1/s")));
    InetAddress address = NetUtil.createInetAddressFromIpAddressString("192.0.2.9");
    assertThat(before.find(address).orElseThrow().limiter().tryAcquire(1, 0))
        .isEqualTo(Limiter.GRANTED);
    ClientTable same =
        ClientTable.of(
            List.of(Bench.client("rate-limit=1/s secret=another-secret")), before, memory);
    assertThat(same.find(address).orElseThrow().limiter().tryAcquire(1, 0))
        .isNotEqualTo(Limiter.GRANTED);
    ClientTable raised = ClientTable.of(List.of(Bench.client("rate-limit=2/s")), before, memory);
    assertThat(raised.find(address).orElseThrow().limiter().tryAcquire(1, 0))
        .isEqualTo(Limiter.GRANTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.0/33|prefix length 33 is not 0 to 32",
        "192.0.2.7/24|192.0.2.7/24 has bits set after the prefix. Give 192.0.2.0/24, or",
        "2001:db8::1/64|has bits set after the prefix. Give 2001:db8::/64",
        "192.0.2|\"192.0.2\" is not an address or address range",
        "fe80::1%eth0|is not an address or address range",
        "192.0.2.0/x|\"192.0.2.0/x\" is not an address or address range. Give one like",
      })
  void rangesThatAreNoneAreRefused(String text, String message) {
    assertThatThrownBy(() -> AddressRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void parametersThatContradictThemselvesAreRefused() {
    assertThatThrownBy(() -> Bench.parameters(List.of(client("a", "::1"), client("a", "::2"))))
        .hasMessage("two clients are named a");
    assertThatThrownBy(() -> Bench.parameters(List.of(client("a", "::1"), client("b", "::1/128"))))
        .hasMessage("::1/128 belongs to both a and b");
    assertThatThrownBy(() -> client("a")).hasMessage("client a has no address");
  }
}
