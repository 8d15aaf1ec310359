package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coagateway.config.LoggingSettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

  /** In a container without a network each command would begin with a line of Netty's. */
  @Test
  void nettySaysNothingOfMissingMacAddresses() {
    assertThat(LoggerFactory.getLogger("io.netty.util.internal.MacAddressUtil").isWarnEnabled())
        .isFalse();
    assertThat(LoggerFactory.getLogger("io.netty.channel.Channel").isWarnEnabled()).isTrue();
  }

  /** A reload may turn from one to the other and back; the line after it has the new format. */
  @Test
  void theFormatTurnsBothWays() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty("TEXT", "%-5level %msg%n");
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern("%-5level %msg%n");
    text.start();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(text);
    appender.setOutputStream(out);
    appender.start();
    Logger logger = context.getLogger("coa-gateway");
    logger.addAppender(appender);

    logger.info("one");
    LogSetup.apply(LoggingSettings.Format.JSON, appender, context);
    logger.info("two");
    LogSetup.apply(LoggingSettings.Format.JSON, appender, context);
    logger.info("three");
    LogSetup.apply(LoggingSettings.Format.TEXT, appender, context);
    logger.info("four");

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).isEqualTo("INFO  one");
    assertThat(lines.get(1)).startsWith("{").contains("\"formattedMessage\":\"two\"");
    assertThat(lines.get(2)).startsWith("{").contains("\"formattedMessage\":\"three\"");
    assertThat(lines.get(3)).isEqualTo("INFO  four");
  }
}
