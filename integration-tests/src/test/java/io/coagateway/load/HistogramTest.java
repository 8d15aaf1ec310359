package io.coagateway.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void findsPercentilesWithinItsWidth() {
    Histogram histogram = new Histogram();
    for (int micros = 1; micros <= 1000; micros++) {
      histogram.record(micros * 1000L);
    }
    assertThat(histogram.count()).isEqualTo(1000);
    assertThat(histogram.percentile(0.5)).isCloseTo(0.5, within(0.01));
    assertThat(histogram.percentile(0.99)).isCloseTo(0.99, within(0.02));
    assertThat(histogram.percentile(1)).isCloseTo(1.0, within(0.02));
  }

  @Test
  void keepsWhatIsBeyondItsRangeInTheLastBucket() {
    Histogram histogram = new Histogram();
    histogram.record(Long.MAX_VALUE);
    histogram.record(0);
    assertThat(histogram.count()).isEqualTo(2);
    assertThat(histogram.percentile(1)).isGreaterThan(1e6);
  }
}
