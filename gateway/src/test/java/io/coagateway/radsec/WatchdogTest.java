package io.coagateway.radsec;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radsec.Watchdog.Step;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 3539 section 3.4 with the 15 s of draft-ietf-radext-reverse-coa; and coming back. */
class WatchdogTest {
  private static long seconds(double seconds) {
    return (long) (seconds * 1e9);
  }

  private final Watchdog watchdog = new Watchdog(Duration.ofSeconds(15), new Random(1), 0);

  @Test
  void theFirstQuestionIsAskedAtOnce() {
    assertThat(watchdog.onTick(0)).isEqualTo(Step.ASK);
  }

  @Test
  void whoAnswersIsAskedAgainAfterSoMuchSilence() {
    assertThat(watchdog.onTick(0)).isEqualTo(Step.ASK);
    watchdog.onHeard(seconds(1));
    assertThat(watchdog.onTick(seconds(13.9))).isEqualTo(Step.NOTHING);
    assertThat(watchdog.onTick(seconds(18.1))).isEqualTo(Step.ASK);
  }

  @Test
  void whoDoesNotAnswerIsGivenUpAfterTwiceTheInterval() {
    assertThat(watchdog.onTick(0)).isEqualTo(Step.ASK);
    assertThat(watchdog.onTick(seconds(29.9))).isEqualTo(Step.NOTHING);
    assertThat(watchdog.onTick(seconds(30))).isEqualTo(Step.GIVE_UP);
  }

  @Test
  void whoCouldNotBeHeardHasTheTimeAnew() {
    assertThat(watchdog.onTick(0)).isEqualTo(Step.ASK);
    watchdog.onReadAgain(seconds(40));
    assertThat(watchdog.onTick(seconds(69.9))).isEqualTo(Step.NOTHING);
    assertThat(watchdog.onTick(seconds(70))).isEqualTo(Step.GIVE_UP);
  }

  @Test
  void withoutIntervalNobodyIsAsked() {
    Watchdog off = new Watchdog(Duration.ZERO, new Random(1), 0);
    assertThat(off.onTick(seconds(1e6))).isEqualTo(Step.NOTHING);
  }

  @Test
  void theWaitDoublesUpToAMinuteAndBeginsAnewAfterSuccess() {
    Backoff backoff = new Backoff(new Random(1));
    for (int expected : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(backoff.next())
          .isBetween(Duration.ofMillis(900L * expected), Duration.ofMillis(1100L * expected));
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThan(Duration.ofMillis(1101));
  }
}
