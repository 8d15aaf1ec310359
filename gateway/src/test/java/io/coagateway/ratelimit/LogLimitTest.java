package io.coagateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLimitTest {
  @Test
  void leavesOutWhatIsTooMuchAndSaysHowMany() {
    ManualTime time = new ManualTime();
    LogLimit limit = new LogLimit(2, time::nanos);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      limit.line(lines::add);
    }
    time.pass(Duration.ofSeconds(1));
    limit.line(lines::add);
    limit.line(lines::add);
    assertThat(lines).containsExactly("", "", " left-out=3", "");
  }

  /** Else one at its end and one at the next one's beginning would be two within moments. */
  @Test
  void beginsASecondWithItsFirstLine() {
    ManualTime time = new ManualTime();
    LogLimit limit = new LogLimit(1, time::nanos);
    List<String> lines = new ArrayList<>();
    time.pass(Duration.ofMillis(900));
    limit.line(lines::add);
    time.pass(Duration.ofMillis(999));
    limit.line(lines::add);
    assertThat(lines).containsExactly("");
    time.pass(Duration.ofMillis(1));
    limit.line(lines::add);
    assertThat(lines).containsExactly("", " left-out=1");
  }
}
