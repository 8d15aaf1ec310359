package io.coagateway.das;

import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Sessions that a client may ask for: those that the request names by an attribute whose text
 * matches. Use session identification attributes only (RFC 5176 section 3): all that a request
 * gives must match the session, so a request that carries {@code User-Name = bob@example.net} can
 * touch nothing but Bob's sessions, while another attribute would prove nothing.
 *
 * @param attribute the attribute that must be in the request
 * @param pattern its text: {@code *} stands for any characters, {@code ?} for one; letters match in
 *     either case, so {@code *@example.net} is a realm
 */
public record SessionRule(AttributeId attribute, String pattern) {
  private static final AttributeId USER_NAME = AttributeId.of(1);

  /** Both are needed. */
  public SessionRule {
    Objects.requireNonNull(attribute);
    Objects.requireNonNull(pattern);
  }

  /**
   * Sessions of one realm.
   *
   * @param realm what follows the last {@code @} of the User-Name
   */
  public static SessionRule realm(String realm) {
    return new SessionRule(USER_NAME, "*@" + realm);
  }

  /** Compiled once for each client. */
  Matcher matcher() {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    int flags = Pattern.DOTALL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    return new Matcher(attribute, Pattern.compile(regex.toString(), flags));
  }

  /** The rule ready for use. */
  record Matcher(AttributeId attribute, Pattern pattern) {
    boolean permits(AttributeList request) {
      for (Attribute given : request.all(attribute)) {
        if (!pattern.matcher(given.value().toUtf8()).matches()) {
          return false; // the others may not match either, and one of them would be taken
        }
      }
      return request.has(attribute);
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s ~ %s", attribute, pattern);
  }
}
