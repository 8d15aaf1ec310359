package io.coagateway.config;

/** Reads {@code logging}. */
final class LoggingReader {
  private LoggingReader() {}

  static LoggingSettings read(Section logging) {
    return new LoggingSettings(
        logging.value(
            "format", Form.oneOf(LoggingSettings.Format.class), LoggingSettings.Format.TEXT),
        logging.value(
            "level", Form.oneOf(LoggingSettings.Level.class), LoggingSettings.Level.INFO));
  }
}
