package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.das.SourceFilter.Share;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForgeryTest {
  private static final int PORTS = 256;

  private final Forgery forgery = new Forgery();
  private long now;

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private boolean press() {
    return forgery.press(now);
  }

  private void forgedFrom(int... ports) {
    for (int port : ports) {
      forgery.forged(port);
    }
  }

  private void forgedFromManyPorts() {
    forgedFrom(IntStream.rangeClosed(1, PORTS + 1).toArray());
  }

  private void seconds(int number, int forgedEach) {
    for (int i = 0; i < number; i++) {
      for (int n = 0; n < forgedEach; n++) {
        forgery.forged(50001);
      }
      pass(Duration.ofSeconds(1));
      forgery.endSecond();
    }
  }

  @Test
  void nothingIsThinnedUntilTheBufferFillsUp() {
    forgedFrom(50001);
    assertThat(forgery.isThinned()).isFalse();
    assertThat(forgery.share(1, PORTS)).isEqualTo(Share.oneIn(1));
  }

  @Test
  void firstThePortsThatItComesFromAreThinnedButNotThoseOfTheClient() {
    forgery.proven(40000);
    forgedFrom(50001, 40000, 50002, 50001);
    assertThat(press()).isTrue();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(64, 1, List.of(50001, 50002)));
    assertThat(forgery.share(1, 1)).isEqualTo(new Share(64, 1, List.of(50001)));
    assertThat(forgery.share(128, PORTS)).isEqualTo(new Share(128, 128, List.of(50001, 50002)));

    assertThat(forgery.forged(50003)).as("the filter should know").isTrue();
    assertThat(forgery.forged(50003)).isFalse();
    assertThat(forgery.proven(50002)).as("the client uses it, too").isTrue();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(64, 1, List.of(50001, 50003)));
  }

  @Test
  void theyAreThinnedUntilLittleIsForged() {
    forgedFrom(50001);
    press();
    seconds(10, FloodShield.LEAST);
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(64, 1, List.of(50001)));
    seconds(5, FloodShield.LEAST - 1); // 32, 16, 8, 4, 2
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(2, 1, List.of(50001)));
    seconds(1, 0);
    assertThat(forgery.isThinned()).isFalse();
    assertThat(forgery.share(1, PORTS)).isEqualTo(Share.oneIn(1));

    forgedFrom(50004);
    press();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(64, 1, List.of(50004)));
  }

  @Test
  void aFloodThatPausedAndIsBackIsThinnedAtItsPortsAgain() {
    forgedFrom(50001);
    press();
    seconds(4, 0);
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(4, 1, List.of(50001)));
    assertThat(press()).isTrue();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(64, 1, List.of(50001)));
  }

  @Test
  void wherePortsAreMadeUpThoseOfTheClientAreKeptAndOthersThinned() {
    forgery.proven(40000);
    forgedFromManyPorts();
    assertThat(press()).isTrue();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(1, 4, List.of(40000)));
    pass(Duration.ofMillis(99));
    assertThat(press()).as("too soon to say that it was not enough").isFalse();
    pass(Duration.ofMillis(1));
    assertThat(press()).isTrue();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(1, 16, List.of(40000)));
    assertThat(forgery.forged(50001)).isFalse();
    assertThat(forgery.proven(40001)).isTrue();

    seconds(1, 0);
    assertThat(forgery.share(1, PORTS)).as("pressed within it").isEqualTo(share(16));
    seconds(1, 100_000);
    assertThat(forgery.share(1, PORTS)).isEqualTo(share(8));
    seconds(3, 100_000);
    assertThat(forgery.isThinned()).isFalse();
  }

  private static Share share(int n) {
    return new Share(1, n, List.of(40001, 40000));
  }

  @Test
  void whereThinningItsPortsIsNotEnoughTheClientsAreKept() {
    forgery.proven(40000);
    forgedFrom(50001);
    press();
    forgedFromManyPorts();
    assertThat(forgery.share(1, PORTS).fromPorts()).isEqualTo(64);
    pass(Duration.ofMillis(100));
    assertThat(press()).isTrue();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(1, 4, List.of(40000)));
  }

  @Test
  void whatIsForgedInASecondIsForgottenInTheNext() {
    forgedFromManyPorts();
    seconds(1, 0);
    forgedFrom(50001);
    press();
    assertThat(forgery.share(1, PORTS)).isEqualTo(new Share(64, 1, List.of(50001)));
  }
}
