package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import org.junit.jupiter.api.Test;

/** What {@code integration-tests/bench kill} does a hundred times. */
@Needs("/usr/bin/python3")
class KillLoopIT {
  @Test
  void nothingAcknowledgedIsLostWhenTheGatewayIsKilledUnderLoad(Lab lab) throws Exception {
    assertThat(KillLoop.run(lab, 3, 0)).startsWith("killed 6 times").contains("none missing");
  }
}
