package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import org.junit.jupiter.api.Test;

/** What a newcomer sees first. */
@Needs
class DemoIT {
  @Test
  void printsBothConversationsInOrderAndSucceeds(Lab lab) {
    Command.Result result = new Gateway(lab, Place.HERE.asOrdinaryUser()).command("demo");

    assertThat(result.exit()).as(result.everything()).isZero();
    assertThat(result.out())
        .containsSubsequence(
            "CoA-Request",
            "RECONFIGURE-REQUEST",
            "RSOO",
            "RECONFIGURE-REPLY",
            "CoA-ACK",
            "Disconnect-Request",
            "RELEASE-REQUEST",
            "RELEASE-REQUEST-REPLY",
            "Disconnect-ACK");
    assertThat(result.everything()).doesNotContain("Exception", "\tat ");
  }
}
