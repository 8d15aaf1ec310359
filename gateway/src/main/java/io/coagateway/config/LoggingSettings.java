package io.coagateway.config;

/**
 * What the log looks like.
 *
 * @param format of each line
 * @param level the least that is logged
 */
public record LoggingSettings(Format format, Level level) {
  /** The format of a line. */
  public enum Format {
    /** Time, level, then key=value. */
    TEXT,
    /** One JSON object. */
    JSON
  }

  /** The least that is logged. */
  public enum Level {
    /** What stops the gateway. */
    ERROR,
    /** What a person should look at. */
    WARN,
    /** One line for each request besides. */
    INFO,
    /** Decoded packets besides. */
    DEBUG,
    /** Everything. */
    TRACE
  }
}
