package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.admin.Health;
import io.coagateway.time.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
  private static final Health WELL =
      new Health(List.of(), List.of(new Health.Reason("dhcp-1", "does not answer", "Is it up?")));

  private final ManualTime time = new ManualTime();
  private final LoopWatch watch = new LoopWatch(time::nanos);

  private List<String> problems() {
    Health health = watch.judge(WELL);
    assertThat(health.notes()).isEqualTo(WELL.notes());
    return health.problems().stream().map(Health.Reason::part).toList();
  }

  @Test
  void believesTheLastPictureWhileBothLoopsRun() {
    time.pass(LoopWatch.LONGEST);
    assertThat(problems()).isEmpty();
    assertThat(watch.judge(WELL).ok()).isTrue();
  }

  @Test
  void namesTheLoopThatHangsUntilItRunsAgain() {
    time.pass(LoopWatch.LONGEST.plus(Duration.ofMillis(1)));
    watch.gatewayRan();
    assertThat(problems()).containsExactly("radius");
    watch.radiusRan();
    assertThat(problems()).isEmpty();
  }

  @Test
  void blamesTheGatewayLoopAloneWhenTheOtherIsNotAskedForThat() {
    time.pass(LoopWatch.LONGEST.plus(Duration.ofMillis(1)));
    assertThat(problems()).containsExactly("gateway");
  }
}
