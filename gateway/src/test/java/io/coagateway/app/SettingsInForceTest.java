package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettingsInForceTest {
  private final ManualTime time = new ManualTime();
  private final Instant start = time.instant();
  private final SettingsInForce settings = new SettingsInForce(time);

  @Test
  void thoseOfTheStartAreFine() {
    assertThat(settings.areTheLastRead()).isTrue();
    assertThat(settings.since()).isEqualTo(start);
    assertThat(settings.notes()).isEmpty();
  }

  @Test
  void aRefusedReloadIsSaidUntilOneSucceeds() {
    time.pass(Duration.ofMinutes(1));
    settings.kept("2 problems in gateway.yaml");
    assertThat(settings.areTheLastRead()).isFalse();
    assertThat(settings.since()).isEqualTo(start);
    assertThat(settings.notes())
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.what())
                    .contains("refused", start.toString(), "2 problems in gateway.yaml"));

    time.pass(Duration.ofMinutes(1));
    settings.replaced();
    assertThat(settings.areTheLastRead()).isTrue();
    assertThat(settings.since()).isEqualTo(start.plus(Duration.ofMinutes(2)));
    assertThat(settings.notes()).isEmpty();
  }

  @Test
  void theirTimeIsToldToTheSecond() {
    time.pass(Duration.ofMillis(1_234));
    settings.replaced();
    settings.kept("a mistake");
    assertThat(settings.notes().get(0).what())
        .contains("of " + start.plusSeconds(1) + " stay in force: a mistake");
  }
}
