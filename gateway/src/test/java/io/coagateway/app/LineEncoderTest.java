package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineEncoderTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private final LoggerContext context = new LoggerContext();

  @ParameterizedTest
  @CsvSource({
    "INFO,  2026-11-21T21:35:07.004Z, request client=dac-1 id=17",
    "WARN,  2026-11-21T21:35:07.040Z, dhcp-1 is silent",
    "ERROR, 2026-03-29T01:00:00.999Z, über",
    "DEBUG, 1969-12-31T23:59:59.500Z, ''",
    "INFO,  2026-10-25T00:59:59.000Z, an hour that comes twice",
    "INFO,  2026-10-25T01:00:00.000Z, the second time",
    "INFO,  2026-03-29T00:59:59.999Z, an hour that is left out",
  })
  void writesWhatThePatternWouldHaveWritten(String level, String time, String message) {
    LoggingEvent event = event(Level.toLevel(level), time, message, null);
    String berlin = LineEncoder.PATTERN.replace("XXX}", "XXX, " + BERLIN + "}");
    assertThat(started(new LineEncoder(BERLIN), LineEncoder.PATTERN).encode(event))
        .isEqualTo(started(new PatternLayoutEncoder(), berlin).encode(event));
    assertThat(started(new LineEncoder(), LineEncoder.PATTERN).encode(event))
        .isEqualTo(started(new PatternLayoutEncoder(), LineEncoder.PATTERN).encode(event));
  }

  @ParameterizedTest
  @CsvSource({"ERROR, 2026-11-21T21:35:07.004Z, it broke"})
  void leavesAStackTraceToThePattern(String level, String time, String message) {
    LoggingEvent event =
        event(Level.toLevel(level), time, message, new IllegalStateException("so"));
    assertThat(started(new LineEncoder(), LineEncoder.PATTERN).encode(event))
        .isEqualTo(started(new PatternLayoutEncoder(), LineEncoder.PATTERN).encode(event));
  }

  /** A defect is to be reported "with the lines that follow": they say where it is. */
  @Test
  void saysWhereADefectIs() {
    LoggingEvent event =
        event(
            Level.ERROR,
            "2026-11-21T21:35:07.004Z",
            "it broke",
            new IllegalStateException("so", new IllegalArgumentException("since this")));
    String lines =
        new String(
            started(new LineEncoder(), LineEncoder.PATTERN).encode(event), StandardCharsets.UTF_8);
    assertThat(lines)
        .contains("\njava.lang.IllegalStateException: so\n\tat " + getClass().getName() + ".")
        .contains("\nCaused by: java.lang.IllegalArgumentException: since this\n");
    assertThat(Path.of("src/main/resources/logback.xml"))
        .content()
        .contains("value=\"" + LineEncoder.PATTERN + "\"");
  }

  private LoggingEvent event(Level level, String time, String message, Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent("test", context.getLogger("test"), level, message, thrown, null);
    event.setInstant(Instant.parse(time));
    return event;
  }

  private <E extends PatternLayoutEncoder> E started(E encoder, String pattern) {
    encoder.setContext(context);
    encoder.setPattern(pattern);
    if (!(encoder instanceof LineEncoder)) {
      encoder.setCharset(StandardCharsets.UTF_8); // logback's own choice is the locale's
    }
    encoder.start();
    assertThat(encoder.getCharset()).isEqualTo(StandardCharsets.UTF_8);
    return encoder;
  }
}
