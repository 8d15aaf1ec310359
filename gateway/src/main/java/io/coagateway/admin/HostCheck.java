package io.coagateway.admin;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps browsers from being used against the port: a page of a foreign site can make a browser
 * connect here under that site's name (DNS rebinding), but not under an address or localhost.
 */
final class HostCheck {
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

  private static boolean isPort(String text) {
    return text.isEmpty() || text.matches(":\\d{1,5}");
  }
}
