package io.coagateway.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.coagateway.config.LoggingSettings;
import org.slf4j.LoggerFactory;

/**
 * Applies the {@code logging} part of the configuration to what logback.xml has set up: the level,
 * and one JSON object a line instead of text. May be applied again at a reload.
 */
public final class LogSetup {
  private static final String APPENDER = "stdout";

  /** The property of logback.xml that holds the pattern of a text line. */
  private static final String TEXT_PATTERN = "TEXT";

  private LogSetup() {}

  /**
   * Takes level and format over. Lines that are being written meanwhile get the old format or the
   * new one; none is lost.
   */
  public static void apply(LoggingSettings settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(settings.level().name()));
    if (root.getAppender(APPENDER) instanceof ConsoleAppender<ILoggingEvent> stdout) {
      apply(settings.format(), stdout, context);
    }
  }

  static void apply(
      LoggingSettings.Format format,
      OutputStreamAppender<ILoggingEvent> appender,
      LoggerContext context) {
    Encoder<ILoggingEvent> now = appender.getEncoder();
    boolean isJson = now instanceof JsonEncoder;
    switch (format) {
      case TEXT -> {
        if (isJson) {
          appender.setEncoder(text(context));
          now.stop();
        }
      }
      case JSON -> {
        if (!isJson) {
          appender.setEncoder(json(context));
          now.stop();
        }
      }
    }
  }

  /** As logback.xml has it. */
  private static PatternLayoutEncoder text(LoggerContext context) {
    PatternLayoutEncoder encoder = new LineEncoder();
    encoder.setContext(context);
    encoder.setPattern(context.getProperty(TEXT_PATTERN));
    encoder.start();
    return encoder;
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
