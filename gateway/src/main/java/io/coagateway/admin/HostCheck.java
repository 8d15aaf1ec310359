package io.coagateway.admin;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps browsers from being used against the port: a page of a foreign site can make a browser
 * connect here under that site's name (DNS rebinding), but not under an address or localhost.
 */
final class HostCheck {
  /**
   * RFC 3986 section 3.2.2: an IP-literal or a reg-name (an IPv4 address looks like one), port.
   * {@code *+} takes a long name without a stack as deep.
   */
  private static final Pattern WELL_FORMED =
      Pattern.compile(
          "(?:\\[[0-9A-Za-z._~!$&'()*+,;=:-]+]|(?:[0-9A-Za-z._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+)"
              + "(?::\\d*)?");

  private final Set<String> names;

  /**
   * @param names allowed besides IP literals and localhost, lower case
   */
  HostCheck(Set<String> names) {
    this.names = names;
  }

  /** Whether a request with this Host header may be answered. */
  boolean allows(String hostHeader) {
    if (hostHeader.startsWith("[")) {
      int close = hostHeader.indexOf(']');
      return close > 0
          && NetUtil.isValidIpV6Address(hostHeader.substring(1, close))
          && isPort(hostHeader.substring(close + 1));
    }
    int colon = hostHeader.indexOf(':');
    String host = colon < 0 ? hostHeader : hostHeader.substring(0, colon);
    if (colon >= 0 && !isPort(hostHeader.substring(colon))) {
      return false;
    }
    return NetUtil.isValidIpV4Address(host)
        || host.equalsIgnoreCase("localhost")
        || names.contains(host.toLowerCase(Locale.ROOT));
  }

  /** Whether this may be the value of a Host header (RFC 9110 section 7.2), which may be empty. */
  static boolean isWellFormed(String hostHeader) {
    return WELL_FORMED.matcher(hostHeader).matches();
  }

  private static boolean isPort(String text) {
    return text.isEmpty() || text.matches(":\\d{1,5}");
  }
}
