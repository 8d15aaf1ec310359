package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.Authenticators;
import io.coagateway.radius.Secret;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many packets, good and bad: memory stays bounded, and nothing is executed twice. */
class FloodTest {
  private static final InetSocketAddress CLIENT = Bench.socket("192.0.2.9", 4000);
  private static final String LOCAL = "198.51.100.1";
  private static final Octets NO_MORE = Octets.EMPTY;

  private final Authenticators authenticators = new Authenticators();
  private final Secret secret = Secret.of("testing123");

  private Octets request(int identifier, int number, Octets attributes) {
    int length = 20 + 8 + attributes.length();
    byte[] packet =
        new OctetWriter(length)
            .u8(43)
            .u8(identifier)
            .u16(length)
            .zeros(16)
            .u8(1)
            .u8(8)
            .octets(Octets.ofUtf8(String.format("%06d", number)))
            .octets(attributes)
            .toArray();
    authenticators.signRequest(packet, secret);
    return Octets.wrap(packet);
  }

  private static Octets timestamp(long seconds) {
    return new OctetWriter(6).u8(55).u8(6).u32(seconds).toOctets();
  }

  @Test
  void strangersAndGarbageLeaveNoTraceInMemory() {
    Bench bench = new Bench(List.of(Bench.client("")), 256);
    Random random = new Random(1);
    Octets good = request(1, 1, NO_MORE);
    Map<Boolean, Integer> answered = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      byte[] octets = good.toArray();
      octets[random.nextInt(octets.length)] ^= (byte) (1 + random.nextInt(255));
      bench.receive(
          Octets.wrap(octets).slice(0, random.nextInt(octets.length + 1)),
          Bench.socket(
              i % 2 == 0 ? "192.0.2." + random.nextInt(256) : "203.0.113." + random.nextInt(256),
              1 + random.nextInt(65_535)),
          LOCAL);
      answered.merge(bench.takeEvents().get(0).startsWith("dropped"), 1, Integer::sum);
    }
    assertThat(answered).containsOnlyKeys(true);
    assertThat(bench.memory.size()).isZero();
    bench.receive(good, CLIENT, LOCAL);
    assertThat(bench.takeEvents()).containsExactly("accepted COA 000001");
  }

  @Test
  void moreRequestsThanTheMemoryHoldsAreNeverExecutedTwiceWithAnEventTimestamp() {
    Bench bench = new Bench(List.of(Bench.client("")), 256);
    long now = bench.time.instant().getEpochSecond();
    for (int i = 0; i < 2000; i++) { // 20 in a second: the memory reaches back 12 s
      if (i % 20 == 0) {
        bench.time.pass(Duration.ofSeconds(1));
      }
      bench.receive(request(i & 255, i, timestamp(now + 1 + i / 20)), CLIENT, LOCAL);
      assertThat(bench.takeEvents()).hasSize(1).allMatch(e -> e.startsWith("accepted"));
      bench.answer(Optional.empty(), true, Optional.empty(), List.of());
      bench.takeEvents();
    }
    assertThat(bench.memory.size()).isEqualTo(256);
    assertThat(bench.pipeline.reach()).isBetween(Duration.ofSeconds(11), Duration.ofSeconds(13));
    Map<DropReason, Integer> dropped = new EnumMap<>(DropReason.class);
    int again = 0;
    for (int i = 0; i < 2000; i++) { // all of them captured and sent again from another port
      bench.receive(
          request(i & 255, i, timestamp(now + 1 + i / 20)), Bench.socket("192.0.2.9", 5000), LOCAL);
      List<String> events = bench.takeEvents();
      if (events.get(0).equals("replayed")) {
        again++;
      } else {
        assertThat(events.get(0)).startsWith("dropped ");
        dropped.merge(
            DropReason.valueOf(events.get(0).substring("dropped ".length())), 1, Integer::sum);
      }
    }
    assertThat(again).isEqualTo(256);
    assertThat(dropped).isEqualTo(Map.of(DropReason.BEFORE_REPLAY_MEMORY, 2000 - 256));
  }

  @Test
  void aHandlerThatNeverAnswersStopsNewRequestsButNotTheMemory() {
    Bench bench = new Bench(List.of(Bench.client("")), 256);
    for (int i = 0; i < 1000; i++) {
      bench.receive(request(i & 255, i, NO_MORE), CLIENT, LOCAL);
    }
    assertThat(bench.takeEvents()).filteredOn(e -> e.startsWith("accepted")).hasSize(129);
    assertThat(bench.memory.size()).isEqualTo(129);
    bench.receive(request(5, 500_000, NO_MORE), CLIENT, LOCAL);
    assertThat(bench.takeEvents()).containsExactly("dropped REPLAY_MEMORY_FULL");
  }

  @Test
  void anExecutedRequestWhoseAnswerIsNotKeptIsMetWithSilence() {
    Bench bench = new Bench(List.of(Bench.client("")), 256);
    Octets first = request(1, 1, NO_MORE);
    bench.receive(first, CLIENT, LOCAL);
    bench.takeEvents();
    bench.answer(Optional.empty(), true, Optional.empty(), List.of());
    String proxyStates = "21ff" + "00".repeat(253);
    for (int i = 0; i < 6; i++) { // answers of some 3,800 octets in room for 16,384
      bench.receive(request(2, 2 + i, Octets.ofHex(proxyStates.repeat(15))), CLIENT, LOCAL);
      bench.answer(Optional.empty(), true, Optional.empty(), List.of());
    }
    bench.takeEvents();
    bench.receive(first, CLIENT, LOCAL);
    assertThat(bench.takeEvents()).containsExactly("dropped ANSWER_NOT_KEPT");
  }

  @Test
  void all256IdentifiersOfOnePortHaveTheirOwnAnswers() {
    Bench bench = new Bench(List.of(Bench.client("")), 1024);
    for (int i = 0; i < 256; i++) {
      bench.receive(request(i, i, NO_MORE), CLIENT, LOCAL);
      bench.answer(Optional.empty(), true, Optional.empty(), List.of());
    }
    bench.takeEvents();
    for (int i = 0; i < 256; i++) {
      bench.receive(request(i, i, NO_MORE), CLIENT, LOCAL);
      assertThat(bench.takeEvents().get(1)).startsWith(String.format("sent 2c%02x0014", i));
    }
  }
}
