package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.cli.Signals.Request;
import org.junit.jupiter.api.Test;

/** What many signals at once make of each other. */
class SignalsTest {
  private final Signals signals = new Signals();

  @Test
  void manyReloadsAtOnceAreOne() throws InterruptedException {
    signals.came(Request.RELOAD);
    signals.came(Request.RELOAD);
    signals.came(Request.RELOAD);
    assertThat(signals.next()).isEqualTo(Request.RELOAD);
    signals.came(Request.RELOAD); // the file may have changed since it was read
    assertThat(signals.next()).isEqualTo(Request.RELOAD);
    signals.came(Request.STOP);
    assertThat(signals.next()).isEqualTo(Request.STOP);
  }

  @Test
  void stoppingDoesNotWaitForAReload() throws InterruptedException {
    signals.came(Request.RELOAD);
    signals.came(Request.STOP);
    signals.came(Request.STOP);
    assertThat(signals.next()).isEqualTo(Request.STOP);
    assertThat(signals.next()).isEqualTo(Request.RELOAD);
  }
}
