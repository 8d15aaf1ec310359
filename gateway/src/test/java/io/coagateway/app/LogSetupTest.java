package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** One JSON object a line, whatever the message holds. */
class LogSetupTest {
  @Test
  void jsonLinesHoldTimeLevelLoggerAndMessage() throws Exception {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "test",
            context.getLogger("coa-gateway.request"),
            Level.INFO,
            "request client={} reason=\"{}\"",
            null,
            new Object[] {"dac-1", "a \"quote\"\nand a line"});
    String line = new String(LogSetup.json(context).encode(event), StandardCharsets.UTF_8);
    assertThat(line).endsWith("\n");
    assertThat(line.strip()).doesNotContain("\n");
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("level").asText()).isEqualTo("INFO");
    assertThat(json.get("loggerName").asText()).isEqualTo("coa-gateway.request");
    assertThat(json.get("formattedMessage").asText())
        .isEqualTo("request client=dac-1 reason=\"a \"quote\"\nand a line\"");
    assertThat(json.get("timestamp").asLong()).isPositive();
  }
}
