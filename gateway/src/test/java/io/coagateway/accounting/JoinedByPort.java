package io.coagateway.accounting;

import io.coagateway.radius.AttributeId;
import io.coagateway.subscriber.JoinRule;
import java.time.Duration;
import java.util.List;

/** Settings by which a session and its client find each other by the port that both name. */
final class JoinedByPort {
  private JoinedByPort() {}

  /**
   * @param waiting how many sessions may wait, for an hour
   * @param duids attributes that hold the DUID of the client
   */
  static AccountingParameters parameters(int waiting, AttributeId... duids) {
    return new AccountingParameters(
        List.of(),
        List.of(),
        "nas1",
        List.of(JoinRule.INTERFACE_ID),
        List.of(duids),
        waiting,
        Duration.ofHours(1));
  }
}
