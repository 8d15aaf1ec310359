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

  /** One of these keys inside a text, and all that follows. */
  private static final Pattern SECRET_INSIDE =
      Pattern.compile("(?is)\\b((?:secrets?|password|token)(?:\\s*[:=]|\\s+(?=\\S))).*");

  private Shown() {}

  /** Whether the value of {@code key} is a secret. */
  static boolean isSecret(String key) {
    return SECRETS.contains(key);
  }

  /** {@code text} up to a secret's key in it. */
  static String text(String text) {
    return SECRET_INSIDE.matcher(text).replaceFirst("$1(hidden)");
  }

  /** A key as part of a path. */
  static String key(String key) {
    return key.matches("[\\w-]+") ? key : '"' + text(key) + '"';
  }
}
