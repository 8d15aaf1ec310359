package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetransmissionParametersTest {
  private static final RetransmissionParameters RQ = RetransmissionParameters.RECONFIGURE_REQUEST;
  private static final RetransmissionParameters RL = RetransmissionParameters.RELEASE;
  private static final RetransmissionParameters RL_OF_3315 =
      new RetransmissionParameters(Duration.ofSeconds(1), Duration.ZERO, 5, Duration.ZERO);

  /** Milliseconds of each transmission, then of the failure. */
  private static List<Long> times(RetransmissionParameters parameters, DoubleSupplier rand) {
    List<Long> times = new ArrayList<>();
    long now = 0;
    long wait = 0;
    for (int made = 0; ; ) {
      times.add(Math.round(now / 1e6));
      if (parameters.isExhausted(made)) {
        return times;
      }
      made++;
      wait = parameters.waitAfter(wait, rand);
      now += wait;
      if (parameters.isExhausted(made)) {
        times.add(Math.round(now / 1e6));
        return times;
      }
    }
  }

  @Test
  @DisplayName("RQ-16: sends at 0, 1, 3, 7, 15 s and fails at 25 s; with jitter at 21.0 to 30.3 s")
  void timesOfReconfigureRequest() {
    assertThat(times(RQ, () -> 0)).containsExactly(0L, 1000L, 3000L, 7000L, 15000L, 25000L);
    assertThat(times(RQ, () -> -0.1)).last().isEqualTo(21032L);
    assertThat(times(RQ, () -> 0.1)).last().isEqualTo(30261L);
  }

  @Test
  @DisplayName("RL-12 RL-13: MRC 4 fails at 15 s, MRC 5 as in RFC 3315 at 31 s")
  void timesOfRelease() {
    assertThat(times(RL, () -> 0)).containsExactly(0L, 1000L, 3000L, 7000L, 15000L);
    assertThat(times(RL, () -> -0.1)).last().isEqualTo(12032L);
    assertThat(times(RL, () -> 0.1)).last().isEqualTo(18448L);
    assertThat(times(RL_OF_3315, () -> 0)).last().isEqualTo(31000L);
    assertThat(times(RL_OF_3315, () -> -0.1)).last().isEqualTo(23761L);
    assertThat(times(RL_OF_3315, () -> 0.1)).last().isEqualTo(39841L);
  }

  @Test
  @DisplayName(
      "RFC 8415 section 15: RAND is drawn anew, and MRT caps the wait with a RAND of its own")
  void drawsRandAnewForEachComputation() {
    List<Double> draws = new ArrayList<>(List.of(0.1, -0.1, 0.05, -0.05, 0.1, -0.1));
    DoubleSupplier rand = () -> draws.remove(0);
    long first = RQ.waitAfter(0, rand);
    assertThat(first).isEqualTo(1_100_000_000L);
    long second = RQ.waitAfter(first, rand);
    assertThat(second).isEqualTo(2_090_000_000L);
    assertThat(RQ.waitAfter(9_000_000_000L, rand)).isEqualTo(9_500_000_000L);
    assertThat(draws).hasSize(2);
  }

  @Test
  void failsAfterTheMaximumDuration() {
    RetransmissionParameters limited =
        new RetransmissionParameters(
            Duration.ofSeconds(1), Duration.ZERO, 0, Duration.ofSeconds(6));
    assertThat(limited.isExhausted(1_000_000)).isFalse();
    assertThat(limited.isPastDuration(5_999_999_999L)).isFalse();
    assertThat(limited.isPastDuration(6_000_000_000L)).isTrue();
    assertThat(RQ.isPastDuration(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void refusesWhatNeverStartsOrNeverEnds() {
    assertThatThrownBy(
            () -> new RetransmissionParameters(Duration.ZERO, Duration.ZERO, 5, Duration.ZERO))
        .hasMessage("irt PT0S is not more than zero");
    assertThatThrownBy(
            () ->
                new RetransmissionParameters(
                    Duration.ofSeconds(1), Duration.ZERO, 0, Duration.ZERO))
        .hasMessage("with mrc 0 and mrd 0 an exchange would never fail");
  }
}
