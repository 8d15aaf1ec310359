package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerHealthTest {
  private static final long SECOND = 1_000_000_000L;
  private final ServerHealth health = new ServerHealth(60);

  @Test
  void anUnansweredExchangeIsRememberedForAWhile() {
    assertThat(health.isDead(0)).isFalse();
    health.onUnanswered(0, 25);
    assertThat(health.isDead(84)).isTrue();
    assertThat(health.isDead(85)).isFalse();
  }

  @Test
  void itIsSilentUntilItIsHeard() {
    assertThat(health.isSilent()).isFalse();
    health.onUnanswered(0, 25);
    assertThat(health.isDead(1000)).isFalse();
    assertThat(health.isSilent()).as("that is no answer").isTrue();
    health.onHeard(1001);
    assertThat(health.isSilent()).isFalse();
  }

  @Test
  void severalMessagesSentTwiceInVainAreEnough() {
    health.onSentTwiceInVain(0, 10);
    health.onSentTwiceInVain(0, 10);
    assertThat(health.isDead(10)).isFalse();
    health.onSentTwiceInVain(0, 10);
    assertThat(health.isDead(10)).isTrue();
  }

  @Test
  void whatWasLostAmongAnswersSaysNothing() {
    health.onHeard(5);
    for (int i = 0; i < 10; i++) {
      health.onSentTwiceInVain(4, 14);
    }
    health.onUnanswered(4, 30);
    assertThat(health.isDead(30)).isFalse();
  }

  @Test
  void anAnswerRevives() {
    health.onUnanswered(0, 25);
    health.onHeard(26);
    assertThat(health.isDead(26)).isFalse();
  }

  @Test
  void exchangesThatDeadlinesCutShortAreEnoughInTheLongRun() {
    ServerHealth patient = new ServerHealth(60 * SECOND);
    patient.onHeard(0);
    patient.onCutShort(1 * SECOND, 2 * SECOND);
    patient.onCutShort(1 * SECOND, 2 * SECOND);
    patient.onCutShort(1 * SECOND, 2 * SECOND);
    assertThat(patient.isDead(2 * SECOND)).as("perhaps it is only late").isFalse();
    patient.onCutShort(3 * SECOND, 4 * SECOND);
    assertThat(patient.isDead(4 * SECOND)).isTrue();
    assertThat(patient.isSilent()).isTrue();
  }

  @Test
  void oneThatADeadlineCutShortSaysNothing() {
    health.onCutShort(0, 10 * SECOND);
    health.onHeard(11 * SECOND);
    health.onCutShort(10 * SECOND, 20 * SECOND); // sent before it was heard
    health.onCutShort(12 * SECOND, 20 * SECOND);
    health.onCutShort(12 * SECOND, 20 * SECOND);
    assertThat(health.isDead(20 * SECOND)).isFalse();
  }

  @Test
  void whoIsAskedOtherwiseIsNotSilentAnyMore() {
    health.onUnanswered(0, 25);
    health.forget();
    assertThat(health.isSilent()).isFalse();
    assertThat(health.isDead(25)).isFalse();
  }
}
