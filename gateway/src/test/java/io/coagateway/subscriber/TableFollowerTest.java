package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFollowerTest {
  @ParameterizedTest
  @CsvSource({"0, 250", "1000, 250", "1001, 100", "100000, 100"})
  void checkpointsEarlierWhenMuchIsWritten(long pages, long millis) {
    assertThat(Duration.ofNanos(TableFollower.restAfter(pages))).hasMillis(millis);
  }
}
