package io.coagateway.config;

/**
 * One setting in force, for {@code check-config --show}.
 *
 * @param keyPath like {@code radius.clients[0].name}
 * @param value as it would be written in the file; a secret shows as {@code (hidden)}
 * @param origin where the value comes from
 */
public record Setting(String keyPath, String value, Origin origin) {
  /** Where a value comes from. */
  public enum Origin {
    /** It stands in the file. */
    FILE,
    /** The file leaves it out. */
    DEFAULT
  }
}
