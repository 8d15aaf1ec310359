package io.coagateway.das;

import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.DataType;
import io.coagateway.radius.IdentificationValue;
import io.coagateway.wire.Octets;
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
 * @param pattern its text, for types other than text as radclient prints the value ({@code 17},
 *     {@code 192.0.2.7}): {@code *} stands for any characters, {@code ?} for one; letters match in
 *     either case, so {@code *@example.net} is a realm. A MAC address in Calling-Station-Id may be
 *     spelled in any usual way where the pattern has it as RFC 3580 section 3.21
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
    boolean permits(AttributeList request, AttributeDictionary dictionary) {
      for (Attribute given : request.all(attribute)) {
        if (!matches(given, dictionary)) {
          return false; // the others may not match either, and one of them would be taken
        }
      }
      return request.has(attribute);
    }

    private boolean matches(Attribute given, AttributeDictionary dictionary) {
      DataType type = dictionary.typeOf(attribute);
      boolean mayBeText = type == DataType.STRING || type == DataType.OCTETS;
      if (mayBeText && pattern.matcher(given.value().toUtf8()).matches()) {
        return true;
      }
      Octets compared = IdentificationValue.normalize(attribute, given.value());
      if (mayBeText && compared.equals(given.value())) {
        return type == DataType.OCTETS
            && pattern.matcher(dictionary.valueText(given)).matches(); // in hex
      }
      String text = dictionary.valueText(new Attribute(attribute, compared));
      return pattern.matcher(text).matches();
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s ~ %s", attribute, pattern);
  }
}
