package io.coagateway.config;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What of the file's text may be repeated, in findings and among the settings in force. A secret
 * may stand where no reader looks for one: a space or a comma that is missing makes it part of a
 * key, or of its neighbour's value.
 */
final class Shown {
  /** The keys whose values are secrets. */
  private static final Set<String> SECRETS =
      Set.of("secret", "secrets", "password", "key-password", "token");

  /**
   * One of these keys inside a text, and all that follows. A colon or an equals sign makes it a key
   * also where it follows another value at once.
   */
  private static final Pattern SECRET_INSIDE =
      Pattern.compile(
          "(?is)((?:secrets?|password|token)\\s*[:=]|\\b(?:secrets?|password|token)\\s+(?=\\S)).*");

  /** The same in words of ours, which name these keys too, with a space or a quote behind them. */
  private static final Pattern SECRET_QUOTED =
      Pattern.compile("(?i)((?:secrets?|password|token)[:=])[^\\s\"]\\S*");

  private Shown() {}

  /** Whether the value of {@code key} is a secret. */
  static boolean isSecret(String key) {
    return SECRETS.contains(key);
  }

  /** {@code text} up to a secret's key in it. */
  static String text(String text) {
    return SECRET_INSIDE.matcher(text).replaceFirst("$1(hidden)");
  }

  /** A message that may quote the file, like the path of a program. */
  static String message(String message) {
    return SECRET_QUOTED.matcher(message).replaceAll("$1(hidden)");
  }

  /** A key as part of a path. */
  static String key(String key) {
    return key.matches("[\\w-]+") ? key : '"' + text(key) + '"';
  }
}
