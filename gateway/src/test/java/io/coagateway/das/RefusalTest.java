package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalTest {
  /** A second, and the hundredth by which the limiter may be wrong. */
  private static final Duration SECOND = Duration.ofMillis(1010);

  private final ManualTime time = new ManualTime();
  private final Refusal refusal = new Refusal(time::nanos);
  private final List<DynamicAuthorizationAnswer> answers = new ArrayList<>();

  @Test
  void eachIsToldButATraceIsWrittenOnceASecond() {
    Logger logger = (Logger) LoggerFactory.getLogger(Refusal.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      for (int id = 0; id < 4; id++) {
        fail(id);
      }
      time.pass(SECOND);
      fail(4);
      time.pass(SECOND);
      fail(5);
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(answers).hasSize(6);
    assertThat(lines.list)
        .filteredOn(line -> line.getThrowableProxy() != null)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "request-failed client=dac-1 id=0",
            "request-failed client=dac-1 id=4 left-out=3",
            "request-failed client=dac-1 id=5");
  }

  private void fail(int id) {
    refusal.failed(
        new DynamicAuthorizationRequest(
            Kind.COA,
            id,
            "dac-1",
            Bench.socket("192.0.2.1", 50000),
            time.instant(),
            time.nanos(),
            AttributeList.of()),
        answers::add,
        false,
        new IllegalStateException("broken on purpose"));
  }
}
