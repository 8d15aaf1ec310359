package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointPaceTest {
  @ParameterizedTest
  @CsvSource({"0, 250", "1000, 250", "1001, 100", "100000, 100"})
  void checkpointsEarlierWhenMuchIsWritten(long pages, long millis) {
    CheckpointPace pace = new CheckpointPace(0);
    pace.done(7, pages);
    assertRest(pace, 7, millis);
  }

  @Test
  void theFirstComesAfterTheUsualRest() {
    assertRest(new CheckpointPace(-5), -5, 250);
  }

  @Test
  void afterOneThatFailedTheNextComesAfterTheUsualRest() {
    CheckpointPace pace = new CheckpointPace(0);
    pace.done(7, 100_000);
    pace.begun(300);
    assertRest(pace, 300, 250);
  }

  /** System.nanoTime may wrap. */
  @Test
  void countsOnWhereTheClockWraps() {
    assertRest(new CheckpointPace(Long.MAX_VALUE), Long.MAX_VALUE, 250);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 65_535, 65_536})
  void aLogThatIsNotLongGoesOn(long pages) {
    assertThat(CheckpointPace.isLong(pages)).isFalse();
    assertThat(CheckpointPace.isLong(65_537)).isTrue();
  }

  private static void assertRest(CheckpointPace pace, long from, long millis) {
    long end = from + Duration.ofMillis(millis).toNanos();
    assertThat(pace.isDue(end)).isFalse();
    assertThat(pace.isDue(end + 1)).isTrue();
  }
}
