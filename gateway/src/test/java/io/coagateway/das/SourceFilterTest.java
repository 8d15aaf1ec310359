package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.das.SourceFilter.Share;
import io.coagateway.wire.Ipv6Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The program, run here as the kernel would; {@link FloodShieldTest} has the kernel run it. */
class SourceFilterTest {
  private static final int NETWORK_HEADER = -0x100000;
  private static final int NEVER = 0;
  private static final int ALWAYS = -1;

  private static AddressRange range(String text) {
    return AddressRange.parse(text);
  }

  /** Keeps all of the ranges. */
  private static Optional<SourceFilter> filter(List<AddressRange> ranges, boolean ipv4, int rest) {
    Map<AddressRange, Share> all = new LinkedHashMap<>();
    ranges.forEach(range -> all.put(range, Share.oneIn(1)));
    return SourceFilter.of(all, ipv4, rest);
  }

  /** Whether it keeps a datagram from {@code source} when the random number is {@code random}. */
  private static boolean keeps(SourceFilter filter, boolean ipv4, Ipv6Address source, int random) {
    return keeps(filter, ipv4, source, 40000, random);
  }

  private static boolean keeps(
      SourceFilter filter, boolean ipv4, Ipv6Address source, int port, int random) {
    List<SourceFilter.Instruction> program = filter.instructions();
    int a = 0;
    for (int at = 0; ; at++) {
      SourceFilter.Instruction one = program.get(at);
      switch (one.code()) {
        case 0x20 -> a = one.operand() >= -0x1000 ? random : word(ipv4, source, one.operand());
        case 0x28 -> {
          assertThat(one.operand()).isZero();
          a = port;
        }
        case 0x05 -> at += one.operand();
        case 0x54 -> a &= one.operand();
        case 0x15 -> at += a == one.operand() ? one.skipIfTrue() : one.skipIfFalse();
        case 0x25 ->
            at +=
                Integer.compareUnsigned(a, one.operand()) > 0
                    ? one.skipIfTrue()
                    : one.skipIfFalse();
        case 0x06 -> {
          return one.operand() != 0;
        }
        default -> throw new AssertionError(one);
      }
    }
  }

  private static int word(boolean ipv4, Ipv6Address source, int operand) {
    int at = operand - NETWORK_HEADER - (ipv4 ? 12 : 8) + (ipv4 ? 12 : 0);
    return (int) source.toOctets().u32(at);
  }

  @Test
  void keepsWhatTheRangesHoldAndNothingElse() {
    Random random = new Random(5);
    for (int round = 0; round < 400; round++) {
      boolean ipv4 = random.nextBoolean();
      int width = ipv4 ? 32 : 128;
      List<AddressRange> ranges = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        int length = random.nextInt(4) == 0 ? width : random.nextInt(width + 1);
        Ipv6Address first = new Ipv6Address(ipv4 ? 0 : random.nextLong(), random.nextLong());
        Ipv6Address lowest = ipv4 ? new Ipv6Address(0, first.low() & 0xffffffffL) : first;
        ranges.add(new AddressRange(ipv4, lowest.masked(length + 128 - width), length));
      }
      SourceFilter filter = filter(ranges, ipv4, 64).orElseThrow();
      assertThat(filter(ranges, !ipv4, 64).orElseThrow().instructions()).hasSize(4);
      for (int probe = 0; probe < 40; probe++) {
        AddressRange near = ranges.get(random.nextInt(ranges.size()));
        long high = ipv4 ? 0 : near.first().high() ^ (probe % 3 == 0 ? bit(random) : 0);
        long flipped = near.first().low() ^ (probe % 3 != 1 ? bit(random) : 0);
        long low = ipv4 ? flipped & 0xffffffffL : flipped;
        Ipv6Address source = new Ipv6Address(high, low);
        boolean known =
            ranges.stream()
                .anyMatch(r -> source.masked(r.length() + 128 - width).equals(r.first()));
        assertThat(keeps(filter, ipv4, source, NEVER))
            .as("%s in %s", source, ranges)
            .isEqualTo(known);
        assertThat(keeps(filter, ipv4, source, ALWAYS)).isTrue();
      }
    }
  }

  private static long bit(Random random) {
    return 1L << random.nextInt(64);
  }

  @Test
  void keepsOneStrangerInSixtyFour() {
    SourceFilter filter = filter(List.of(range("192.0.2.0/24")), true, 64).orElseThrow();
    Ipv6Address stranger = AddressRange.parse("203.0.113.9").first();
    Random random = new Random(7);
    int kept = 0;
    for (int i = 0; i < 64_000; i++) {
      kept += keeps(filter, true, stranger, random.nextInt()) ? 1 : 0;
    }
    assertThat(kept).isBetween(900, 1100);
  }

  @Test
  void theLongestPrefixSaysHowMuchIsKept() {
    SourceFilter filter =
        SourceFilter.of(
                Map.of(
                    range("192.0.2.0/24"),
                    Share.oneIn(16),
                    range("192.0.2.7"),
                    Share.oneIn(1),
                    range("192.0.0.0/16"),
                    Share.oneIn(1)),
                true,
                1)
            .orElseThrow();
    assertThat(keeps(filter, true, range("192.0.2.7").first(), NEVER)).isTrue();
    assertThat(keeps(filter, true, range("192.0.2.8").first(), NEVER)).isFalse();
    assertThat(keeps(filter, true, range("192.0.2.8").first(), ALWAYS)).isTrue();
    assertThat(keeps(filter, true, range("192.0.3.8").first(), NEVER)).isTrue();
    assertThat(keeps(filter, true, range("203.0.113.8").first(), NEVER)).isTrue();
  }

  @Test
  void aRangeMayHavePortsOfWhichMoreIsKept() {
    Random random = new Random(9);
    for (int number : List.of(1, 2, 254, 255, 256, 510, 511)) {
      List<Integer> ports = random.ints(0, 65536).distinct().limit(number).boxed().toList();
      for (boolean ipv4 : List.of(true, false)) {
        AddressRange client = range(ipv4 ? "192.0.2.7" : "2001:db8::7");
        AddressRange around = range(ipv4 ? "192.0.2.0/24" : "2001:db8::/33");
        SourceFilter filter =
            SourceFilter.of(
                    Map.of(client, new Share(1, 16, ports), around, new Share(4, 64, ports)),
                    ipv4,
                    1)
                .orElseThrow();
        Ipv6Address neighbour = range(ipv4 ? "192.0.2.8" : "2001:db8::8").first();
        Ipv6Address stranger = range(ipv4 ? "192.0.3.7" : "2001:db9::7").first();
        for (int port = 0; port < 65536; port += 1 + random.nextInt(40)) {
          assertPortTold(filter, ipv4, client.first(), port, ports.contains(port));
        }
        for (int port : ports) {
          assertPortTold(filter, ipv4, client.first(), port, true);
          assertThat(keeps(filter, ipv4, neighbour, port, NEVER)).isFalse();
          assertThat(keeps(filter, ipv4, neighbour, port, -1 << 30)).isTrue(); // one in four
          assertThat(keeps(filter, ipv4, stranger, port, NEVER)).isTrue();
        }
      }
    }
  }

  private static void assertPortTold(
      SourceFilter filter, boolean ipv4, Ipv6Address client, int port, boolean known) {
    assertThat(keeps(filter, ipv4, client, port, NEVER)).as("port %d", port).isEqualTo(known);
    assertThat(keeps(filter, ipv4, client, port, ALWAYS)).isTrue();
  }

  @Test
  void withoutPortsAllAreOthers() {
    SourceFilter filter =
        SourceFilter.of(Map.of(range("192.0.2.7"), new Share(1, 16, List.of())), true, 1)
            .orElseThrow();
    assertThat(keeps(filter, true, range("192.0.2.7").first(), NEVER)).isFalse();
    assertThat(filter.instructions()).hasSize(2 + 4 + 1);
  }

  @Test
  void aProgramThatTheKernelWouldNotTakeIsNone() {
    List<AddressRange> many = new ArrayList<>();
    for (int i = 0; i < 1400; i++) {
      many.add(range("10." + i / 256 + "." + i % 256 + ".7"));
    }
    assertThat(filter(many.subList(0, 1000), true, 64)).isPresent();
    assertThat(filter(many, true, 64)).isEmpty();
    assertThat(filter(many, false, 64)).isPresent();
  }
}
