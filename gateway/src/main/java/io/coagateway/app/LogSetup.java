package io.coagateway.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.coagateway.config.LoggingSettings;
import org.slf4j.LoggerFactory;

/**
 * Applies the {@code logging} part of the configuration to what logback.xml has set up: the level,
 * and one JSON object a line instead of text. May be applied again at a reload.
 */
public final class LogSetup {
  private static final String APPENDER = "stdout";

  private LogSetup() {}

  /** Takes level and format over. Text stays as logback.xml has it, until JSON was asked for. */
  public static void apply(LoggingSettings settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(settings.level().name()));
    if (settings.format() == LoggingSettings.Format.TEXT
        || !(root.getAppender(APPENDER) instanceof ConsoleAppender<ILoggingEvent> stdout)
        || stdout.getEncoder() instanceof JsonEncoder) {
      return;
    }
    Encoder<ILoggingEvent> json = json(context);
    stdout.stop();
    stdout.setEncoder(json);
    stdout.start();
  }

  /** Time in milliseconds, level, logger, message, and the stack trace if there is one. */
  static JsonEncoder json(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithThreadName(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithKVPList(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
