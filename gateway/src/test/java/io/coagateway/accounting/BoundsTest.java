package io.coagateway.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.accounting.AccountingRequest.SessionName;
import io.coagateway.accounting.AccountingRequest.Status;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of NASes and sessions has an end, and the oldest go first. */
class BoundsTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static Attribute nas(int number) {
    return Attribute.ofText(Attributes.NAS_IDENTIFIER, "n" + number);
  }

  @Test
  void ofRestartsTheOldestAreForgotten() {
    Restarts restarts = new Restarts();
    for (int i = 0; i < Restarts.MOST; i++) {
      restarts.add(nas(i), Status.ON, 0);
    }
    assertThat(restarts.has(nas(0), Status.ON, 0)).isTrue();
    restarts.add(nas(0), Status.ON, 10 * SECOND); // the newest now
    restarts.add(nas(Restarts.MOST), Status.ON, 0);
    assertThat(restarts.has(nas(0), Status.ON, 10 * SECOND)).isTrue();
    assertThat(restarts.has(nas(1), Status.ON, 0)).isFalse();
    assertThat(restarts.has(nas(2), Status.ON, 0)).isTrue();
  }

  /** Acct-Delay-Time counts whole seconds. */
  @Test
  void aRestartIsTheSameWithinTwoSeconds() {
    Restarts restarts = new Restarts();
    restarts.add(nas(0), Status.ON, 10 * SECOND);
    assertThat(restarts.has(nas(0), Status.ON, 8 * SECOND)).isTrue();
    assertThat(restarts.has(nas(0), Status.ON, 12 * SECOND)).isTrue();
    assertThat(restarts.has(nas(0), Status.ON, 12 * SECOND + 1)).isFalse();
    assertThat(restarts.has(nas(0), Status.ON, 8 * SECOND - 1)).isFalse();
    assertThat(restarts.has(nas(0), Status.OFF, 10 * SECOND)).isFalse();
    assertThat(restarts.has(nas(1), Status.ON, 10 * SECOND)).isFalse();
  }

  @Test
  void ofMomentsTheOldestAreForgotten() {
    SessionMoments moments = new SessionMoments();
    for (int i = 0; i < SessionMoments.MOST; i++) {
      moments.add(session(i), 1);
    }
    assertThat(moments.hasAfter(session(0), 0)).isTrue();
    moments.add(session(0), 1); // the newest now
    moments.add(session(SessionMoments.MOST), 1);
    assertThat(moments.hasAfter(session(0), 0)).isTrue();
    assertThat(moments.hasAfter(session(1), 0)).isFalse();
    assertThat(moments.hasAfter(session(2), 0)).isTrue();
  }

  private static SessionName session(int number) {
    return new SessionName(Optional.of(nas(0)), Octets.ofUtf8("s" + number));
  }
}
