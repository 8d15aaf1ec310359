package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.admin.GatewayStatus.Dropped;
import io.coagateway.das.DropReason;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DasBoardTest {
  private final ManualTime time = new ManualTime();
  private final DasBoard board = new DasBoard(time);

  @Test
  void countsDropsByReason() {
    board.dropped(DropReason.REQUEST_AUTHENTICATOR, "dac-1", 43);
    board.dropped(DropReason.UNKNOWN_SOURCE, "", 43);
    time.pass(Duration.ofSeconds(3));
    board.dropped(DropReason.REQUEST_AUTHENTICATOR, "dac-2", 43);
    assertThat(board.drops())
        .containsExactlyInAnyOrder(
            new Dropped(DropReason.REQUEST_AUTHENTICATOR, 2, "dac-2", time.instant()),
            new Dropped(
                DropReason.UNKNOWN_SOURCE, 1, "", time.instant().minus(Duration.ofSeconds(3))));
  }

  @Test
  void countsTheRequestsOfEachDac() {
    board.accepted("dac-1", Kind.COA);
    board.accepted("dac-1", Kind.DISCONNECT);
    assertThat(board.requests("dac-1")).isEqualTo(2);
    assertThat(board.requests("dac-2")).isZero();
  }
}
