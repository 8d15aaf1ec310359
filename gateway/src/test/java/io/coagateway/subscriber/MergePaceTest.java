package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePaceTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1025, 64, 0",
    "4096, 4096, 0",
    "4097, 0, 128",
    "4097, 1, 128",
    "4097, 64, 128",
    "4097, 65, 130",
    "9000, 2048, 4096",
  })
  void whatIsDueWhoeverWaits(int unmerged, int came, int due) {
    assertThat(MergePace.due(unmerged, came)).isEqualTo(due);
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, false",
    "1024, false, false",
    "1025, false, true",
    "0, true, false",
    "1, true, true",
    "1025, true, true",
  })
  void whatIsWorthwhileWhileNobodyWaits(int unmerged, boolean idle, boolean worthwhile) {
    assertThat(MergePace.isWorthwhile(unmerged, idle)).isEqualTo(worthwhile);
  }

  /** Whatever comes each time, what is left stays near the most. */
  @Test
  void whatIsDueEnds() {
    for (int came : new int[] {1, 16, 100, 2048}) {
      int unmerged = 100_000;
      for (int transactions = 0; unmerged > MergePace.MOST; transactions++) {
        unmerged += came;
        unmerged -= Math.min(unmerged, MergePace.due(unmerged, came));
        assertThat(transactions).isLessThan(1000);
      }
    }
  }
}
