package io.coagateway.admin;

import java.util.Locale;
import java.util.Optional;

/**
 * What a request line asks for (RFC 9112 section 3.2).
 *
 * @param authority host and port where the target names them itself, in absolute-form; then they
 *     count, and the Host header does not (section 3.2.2)
 * @param pathAndQuery still encoded
 */
record RequestTarget(Optional<String> authority, String pathAndQuery) {
  private static final String SCHEME = "http://";

  /** Reads origin-form and absolute-form; another form is taken for a path, which nobody has. */
  static RequestTarget of(String target) {
    if (!target.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return new RequestTarget(Optional.empty(), target);
    }
    int end = SCHEME.length();
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    String rest = target.substring(end);
    return new RequestTarget(
        Optional.of(target.substring(SCHEME.length(), end)),
        rest.startsWith("/") ? rest : "/" + rest);
  }
}
