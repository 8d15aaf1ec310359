package io.coagateway.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.accounting.AccountingRequest.SessionName;
import io.coagateway.accounting.AccountingRequest.Status;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Octets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of sessions and of NASes, and of how many. */
class LastMomentsTest {
  private final SessionMoments moments = new SessionMoments();
  private final Restarts restarts = new Restarts();

  private static SessionName session(int n) {
    return new SessionName(Optional.empty(), Octets.ofUtf8("s" + n));
  }

  private static Attribute nas(int n) {
    return new Attribute(Attributes.NAS_IDENTIFIER, Octets.ofUtf8("n" + n));
  }

  @Test
  void theLatestMomentOfASessionCountsInWhateverOrderTheyAreTold() {
    moments.add(session(1), 10);
    moments.add(session(1), 5);
    assertThat(moments.hasAfter(session(1), 9)).isTrue();
    assertThat(moments.hasAfter(session(1), 10)).isFalse();
  }

  @Test
  void theSessionsToldOfLongestAgoAreForgotten() {
    for (int n = 0; n < SessionMoments.MOST; n++) {
      moments.add(session(n), 10);
    }
    moments.add(session(0), 10); // anew
    moments.add(session(SessionMoments.MOST), 10);
    assertThat(moments.hasAfter(session(0), 9)).isTrue();
    assertThat(moments.hasAfter(session(1), 9)).isFalse();
    assertThat(moments.hasAfter(session(2), 9)).isTrue();
  }

  @Test
  void theNasesToldOfLongestAgoAreForgotten() {
    for (int n = 0; n < Restarts.MOST; n++) {
      restarts.add(nas(n), Status.ON, 10);
    }
    restarts.add(nas(0), Status.ON, 10); // anew
    restarts.add(nas(Restarts.MOST), Status.ON, 10);
    assertThat(restarts.has(nas(0), Status.ON, 10)).isTrue();
    assertThat(restarts.has(nas(1), Status.ON, 10)).isFalse();
    assertThat(restarts.has(nas(2), Status.ON, 10)).isTrue();
  }
}
