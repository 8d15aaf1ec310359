package io.coagateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlidingSecondLimiterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  @Test
  void grantsTheWholeBudgetAtOnceAndThenSaysWhenToComeBack() {
    Limiter limiter = Limiter.of(RateLimit.perSecond(100));
    for (int i = 0; i < 100; i++) {
      assertThat(limiter.tryAcquire(1, 5 * MILLI)).isEqualTo(Limiter.GRANTED);
    }
    long wait = limiter.tryAcquire(1, 5 * MILLI);
    assertThat(wait).isBetween(SECOND, SECOND + 10 * MILLI);
    assertThat(limiter.tryAcquire(1, 5 * MILLI + wait - 1)).isEqualTo(1);
    assertThat(limiter.tryAcquire(1, 5 * MILLI + wait)).isEqualTo(Limiter.GRANTED);
  }

  @Test
  @DisplayName("RQ-22: a burst on either side of a cycle's edge does not pass twice the limit")
  void holdsTheLimitAroundTheEdgeOfACycle() {
    Limiter limiter = Limiter.of(RateLimit.perSecond(10));
    int granted = 0;
    for (long at : new long[] {0, 999 * MILLI, SECOND - 1}) {
      while (limiter.tryAcquire(1, at) == Limiter.GRANTED) {
        granted++;
      }
    }
    assertThat(granted).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 99, 100, 101, 2500})
  @DisplayName("RQ-22: no sliding second holds more than the limit, whatever the pattern")
  void holdsInEverySlidingSecond(int perSecond) {
    Random random = new Random(perSecond);
    for (RateLimit limit :
        List.of(RateLimit.perSecond(perSecond), RateLimit.perSecond(perSecond).smoothed())) {
      Limiter limiter = Limiter.of(limit);
      List<Long> granted = new ArrayList<>();
      long now = -3 * SECOND; // nanoTime may be negative
      for (int i = 0; i < 20_000; i++) {
        now += random.nextInt(10) == 0 ? random.nextInt(1_500_000_000) : random.nextInt(2_000_000);
        int tries = random.nextInt(1 + perSecond / 4);
        for (int n = 0; n <= tries; n++) {
          if (limiter.tryAcquire(1, now) == Limiter.GRANTED) {
            granted.add(now);
          }
        }
      }
      assertThat(granted.size()).isGreaterThan(perSecond);
      for (int i = perSecond; i < granted.size(); i++) {
        assertThat(granted.get(i) - granted.get(i - perSecond)).isGreaterThan(SECOND);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 2500})
  @DisplayName("RQ-22: no sliding second holds more, even when what is granted happens late")
  void holdsForWhatHappensLate(int perSecond) {
    Random random = new Random(perSecond);
    Limiter limiter = Limiter.of(RateLimit.perSecond(perSecond).smoothed());
    List<Long> happened = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextInt(8_000_000);
      int granted = 0;
      while (limiter.tryAcquire(1, now) == Limiter.GRANTED) {
        granted++;
      }
      if (granted > 0) {
        long from = now;
        now += random.nextInt(20) == 0 ? random.nextInt(1_500_000_000) : random.nextInt(2_000_000);
        for (int n = 0; n < granted; n++) { // at any time before it is reported
          happened.add(from + (long) (random.nextDouble() * (now - from)));
        }
        limiter.happened(now);
      }
    }
    happened.sort(null);
    assertThat(happened.size()).isGreaterThan(perSecond);
    for (int i = perSecond; i < happened.size(); i++) {
      assertThat(happened.get(i) - happened.get(i - perSecond)).isGreaterThan(SECOND);
    }
  }

  @Test
  void reachesNinetyNinePercentOfTheLimitUnderPressure() {
    Limiter limiter = Limiter.of(RateLimit.perSecond(100).smoothed());
    int granted = 0;
    long now = 0;
    while (now < 10 * SECOND) {
      long wait = limiter.tryAcquire(1, now);
      granted += wait == Limiter.GRANTED ? 1 : 0;
      now += wait;
    }
    assertThat(granted).isBetween(990, 1100); // the first second's budget comes on top
  }

  @Test
  void smoothedSpreadsABurstOverATenthOfASecond() {
    Limiter limiter = Limiter.of(RateLimit.perSecond(100).smoothed());
    int atOnce = 0;
    while (limiter.tryAcquire(1, 0) == Limiter.GRANTED) {
      atOnce++;
    }
    assertThat(atOnce).isEqualTo(16);
    assertThat(limiter.tryAcquire(1, 0)).isEqualTo(10 * MILLI);
    assertThat(limiter.tryAcquire(1, 10 * MILLI)).isEqualTo(Limiter.GRANTED);
  }

  @Test
  void takesSeveralPermitsTogetherOrNone() {
    Limiter limiter = Limiter.of(RateLimit.perSecond(10));
    assertThat(limiter.tryAcquire(8, 0)).isEqualTo(Limiter.GRANTED);
    assertThat(limiter.tryAcquire(3, 0)).isPositive();
    assertThat(limiter.tryAcquire(2, 0)).isEqualTo(Limiter.GRANTED);
    assertThatThrownBy(() -> limiter.tryAcquire(11, 0)).hasMessage("11 permits are not 1 to 10");
  }

  @Test
  void unlimitedAlwaysGrants() {
    assertThat(Limiter.unlimited().tryAcquire(1_000_000, 0)).isEqualTo(Limiter.GRANTED);
  }

  @Test
  void readsAndPrintsARate() {
    assertThat(RateLimit.parse(" 2000/s"))
        .isEqualTo(RateLimit.perSecond(2000))
        .hasToString("2000/s");
    assertThatThrownBy(() -> RateLimit.parse("2000"))
        .hasMessage("\"2000\" is not a rate. Give a whole number per second, like 100/s");
    assertThatThrownBy(() -> RateLimit.parse("0/s")).hasMessage("rate 0/s is not 1/s to 1000000/s");
    assertThatThrownBy(() -> new RateLimit(10, 11)).hasMessage("burst 11 is not 1 to 10");
  }
}
