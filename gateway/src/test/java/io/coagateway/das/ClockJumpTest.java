package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.Authenticators;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The wall clock is set back or forward while the gateway runs, as NTP or an operator does. Only
 * Event-Timestamps are judged by it (RFC 5176 section 6.3); what was executed is remembered by the
 * clock that nobody sets.
 */
class ClockJumpTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final Bench bench = new Bench(List.of(Bench.client("")), 256);
  private final Authenticators authenticators = new Authenticators();

  /** A CoA-Request of a user, with the time of its DAC when there is one. */
  private Octets request(String user, Optional<Instant> at) {
    int length = 20 + 2 + user.length() + (at.isPresent() ? 6 : 0);
    OctetWriter out = new OctetWriter();
    out.u8(43).u8(7).u16(length).zeros(16).u8(1).u8(2 + user.length()).octets(Octets.ofUtf8(user));
    at.ifPresent(time -> out.u8(55).u8(6).u32(time.getEpochSecond()));
    byte[] packet = out.toOctets().toArray();
    authenticators.signRequest(packet, Secret.of("testing123"));
    return Octets.wrap(packet);
  }

  private String receive(Octets datagram) {
    bench.receive(datagram, Bench.socket("192.0.2.9", 4000), "192.0.2.1");
    return bench.takeEvents().get(0);
  }

  private void jump(Duration by) {
    bench.time.setWallClock(bench.time.instant().plus(by));
  }

  private String executed(Octets request) {
    String event = receive(request);
    bench.answer(Optional.empty(), true, Optional.empty(), List.of());
    bench.takeEvents();
    return event;
  }

  @Test
  @DisplayName("RFC 5176 6.3: what was executed is not executed again, wherever the clock goes")
  void remembersAcrossJumps() {
    Octets without = request("alice", Optional.empty());
    Octets with = request("bob", Optional.of(bench.time.instant()));
    assertThat(executed(without)).isEqualTo("accepted COA alice");
    assertThat(executed(with)).isEqualTo("accepted COA bob");

    for (Duration by : List.of(DAY, DAY.negated(), DAY.negated(), DAY)) {
      jump(by);
      assertThat(receive(without)).as("after %s", by).isEqualTo("again");
    }
    assertThat(receive(with)).as("the clock is right again").isEqualTo("again");
  }

  @Test
  @DisplayName(
      "RFC 5176 3.3: a request from before the jump is old, one with the new time is fresh")
  void judgesEventTimestampsByTheNewTime() {
    Instant before = bench.time.instant();
    jump(DAY);
    assertThat(receive(request("alice", Optional.of(before))))
        .isEqualTo("dropped EVENT_TIMESTAMP_OLD");
    assertThat(executed(request("alice", Optional.of(bench.time.instant()))))
        .isEqualTo("accepted COA alice");
    jump(DAY.multipliedBy(-2));
    assertThat(receive(request("bob", Optional.of(before))))
        .isEqualTo("dropped EVENT_TIMESTAMP_FUTURE");
    assertThat(executed(request("bob", Optional.of(bench.time.instant()))))
        .isEqualTo("accepted COA bob");
  }

  @Test
  void aTimestampedRequestIsNotReplayedWhenTheClockComesBackToIt() {
    Octets request = request("alice", Optional.of(bench.time.instant()));
    assertThat(executed(request)).isEqualTo("accepted COA alice");
    jump(DAY);
    bench.time.pass(WINDOW.multipliedBy(2)); // long forgotten, were it not for its timestamp
    assertThat(receive(request)).isEqualTo("dropped EVENT_TIMESTAMP_OLD");
    jump(DAY.negated().minus(WINDOW.multipliedBy(2)));
    assertThat(receive(request)).doesNotStartWith("accepted");
  }

  @Test
  void theAnswerComesAndItsTimestampIsTheNewTime() {
    Octets request = request("alice", Optional.of(bench.time.instant()));
    assertThat(receive(request)).isEqualTo("accepted COA alice");
    jump(DAY.negated());
    bench.answer(Optional.empty(), true, Optional.empty(), List.of());
    String sent = bench.takeEvents().get(0);
    assertThat(sent).startsWith("sent 2c07001a");
    Octets answer = Octets.ofHex(sent.split(" ", -1)[1]);
    assertThat(answer.u32(RadiusPacket.HEADER_LENGTH + 2))
        .isEqualTo(bench.time.instant().getEpochSecond());
    assertThat(bench.pipeline.inProgress()).isZero();
  }
}
