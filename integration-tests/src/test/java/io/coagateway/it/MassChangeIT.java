package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.load.MassChange;
import io.coagateway.load.MassChange.Settings;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Everybody's configuration changes, and the server takes few messages. */
@Needs
@Isolated("counts what leaves within any second")
class MassChangeIT {
  /** RFC 6977 section 6.3 on batches, section 7 on the rate limit. */
  @Test
  void twentyThousandSubscribersThroughAHundredMessagesASecond(Lab lab) throws IOException {
    MassChange.Figures figures = MassChange.measure(lab, Settings.OF_THE_ISSUE);

    System.out.println(figures);
    assertThat(figures.dac().acknowledged()).as(figures.toString()).isEqualTo(20_000);
    assertThat(figures.dac().seconds()).as(figures.toString()).isLessThan(30);
    assertThat(figures.server().clients()).isEqualTo(20_000);
    assertThat(figures.server().clientsTwice()).as("clients asked twice").isZero();
    assertThat(figures.server().violations()).as("messages against the rules").isZero();
    assertThat(figures.wire().sentAgain()).as("messages sent again").isZero();
    assertThat(figures.wire().busiestSecond())
        .as("the most messages in any second, " + figures.wire().source())
        .isLessThanOrEqualTo(100);
    assertThat(figures.isRight(30)).as(figures.toString()).isTrue();
  }
}
