package io.coagateway.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseClockTest {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualTime time = new ManualTime();
  private final List<Duration> leaps = new ArrayList<>();
  private final LeaseClock clock = new LeaseClock(time, time, leaps::add);
  private final Instant start = time.instant();

  private void leap(Duration by) {
    time.setWallClock(time.instant().plus(by));
  }

  @Test
  void timeThatPassesIsTime() {
    time.pass(YEAR);
    assertThat(clock.now()).isEqualTo(start.plus(YEAR));
    leap(LeaseClock.LEAP);
    assertThat(clock.now()).isEqualTo(start.plus(YEAR).plus(LeaseClock.LEAP));
    assertThat(leaps).isEmpty();
  }

  @Test
  void aLeapForwardIsNotBelievedForADay() {
    leap(YEAR);
    assertThat(clock.now()).isEqualTo(start);
    time.pass(LeaseClock.BELIEVED_AFTER.minusNanos(1));
    assertThat(clock.now()).isEqualTo(start.plus(LeaseClock.BELIEVED_AFTER).minusNanos(1));
    time.pass(Duration.ofNanos(1));
    assertThat(clock.now()).isEqualTo(time.instant());
    assertThat(leaps).containsExactly(YEAR);
  }

  @Test
  void theDayCountsFromTheLeapHoweverLongTheGatewayHasRun() {
    time.pass(YEAR);
    assertThat(clock.now()).isEqualTo(start.plus(YEAR));
    leap(HOUR);
    assertThat(clock.now()).isEqualTo(start.plus(YEAR));
    time.pass(HOUR);
    assertThat(clock.now()).isEqualTo(start.plus(YEAR).plus(HOUR));
  }

  @Test
  void aWayBackThatLeavesNoMoreThanNoLeapIsTheWholeWay() {
    leap(LeaseClock.LEAP.multipliedBy(3));
    assertThat(clock.now()).isEqualTo(start);
    leap(LeaseClock.LEAP.multipliedBy(2).negated());
    assertThat(clock.now()).isEqualTo(start.plus(LeaseClock.LEAP)).isEqualTo(time.instant());
  }

  @Test
  void aSecondLeapAddsUpAndTheWayBackIsTheWayBack() {
    leap(YEAR);
    assertThat(clock.now()).isEqualTo(start);
    leap(HOUR);
    time.pass(HOUR);
    assertThat(clock.now()).isEqualTo(start.plus(HOUR));
    leap(YEAR.negated());
    assertThat(clock.now()).isEqualTo(start.plus(HOUR));
    leap(HOUR.negated());
    assertThat(clock.now()).isEqualTo(start.plus(HOUR)).isEqualTo(time.instant());
    assertThat(leaps).containsExactly(YEAR, HOUR, YEAR.negated(), HOUR.negated());
  }

  @Test
  void aLeapBackIsBelievedAtOnce() {
    leap(YEAR.negated());
    assertThat(clock.now()).isEqualTo(start.minus(YEAR));
    leap(YEAR); // nobody knows that it was right before
    assertThat(clock.now()).isEqualTo(start.minus(YEAR));
  }
}
