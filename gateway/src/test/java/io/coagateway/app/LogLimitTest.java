package io.coagateway.app;

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
}
