package io.coagateway.config;

import io.coagateway.ratelimit.RateLimit;
import io.coagateway.wire.AddressText;
import io.netty.util.NetUtil;
import java.math.BigDecimal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms that values of conf/gateway.yaml have. */
final class Forms {
  /** Any text but none. */
  static final Form<String> TEXT =
      Form.of(
          text -> {
            if (text.isBlank()) {
              throw new BadValue("is empty. Give a text, or leave the key out.");
            }
            return text;
          });

  /** A name that ends up as a metric label and in key=value log lines. */
  static final Form<String> NAME =
      TEXT.then(
          text -> {
            if (!text.matches("[\\w.:@/-]{1,64}")) {
              throw new BadValue(
                  "is not a usable name. Give up to 64 letters, digits and . : @ / _ - like dhcp-1.");
            }
            return text;
          },
          String::valueOf);

  /** {@code true} or {@code false}. */
  static final Form<Boolean> SWITCH =
      Form.of(
          text ->
              switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new BadValue("is neither true nor false. Give one of the two.");
              });

  /** Messages or requests per second. */
  static final Form<RateLimit> RATE =
      Form.of(
          text -> {
            try {
              return RateLimit.parse(text);
            } catch (IllegalArgumentException e) {
              throw new BadValue(
                  "is not a rate. Give 1/s to " + RateLimit.MAX_PER_SECOND + "/s, like 100/s.");
            }
          });

  private static final String NOT_IPV6 =
      "is not an IPv6 address. Give one like 2001:db8::53 or fe80::1%eth0.";

  private static final Map<String, Duration> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("h", Duration.ofHours(1));
    UNITS.put("m", Duration.ofMinutes(1));
    UNITS.put("s", Duration.ofSeconds(1));
    UNITS.put("ms", Duration.ofMillis(1));
  }

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s?([a-z]+)");

  private static final Form<Duration> ANY_DURATION = Form.of(Forms::readDuration, Forms::print);

  private Forms() {}

  /** A whole number. */
  static Form<Integer> integer(int least, int most) {
    return Form.of(
        text -> {
          try {
            int value = Integer.parseInt(text.replace("_", ""));
            if (value >= least && value <= most) {
              return value;
            }
          } catch (NumberFormatException e) {
            // said below
          }
          throw new BadValue(
              "is not a whole number from "
                  + least
                  + " to "
                  + most
                  + ". Give one like "
                  + Math.max(least, Math.min(most, 100))
                  + ".");
        });
  }

  /** A length of time, with its unit. */
  static Form<Duration> duration(Duration least, Duration most) {
    return ANY_DURATION.then(
        value -> {
          if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new BadValue(
                "is out of range. Give " + print(least) + " to " + print(most) + ".");
          }
          return value;
        },
        Forms::print);
  }

  private static Duration readDuration(String text) throws BadValue {
    Matcher matcher = DURATION.matcher(text.strip());
    if (matcher.matches() && UNITS.containsKey(matcher.group(2))) {
      BigDecimal millis =
          new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(UNITS.get(matcher.group(2)).toMillis()));
      return Duration.ofMillis(millis.longValue());
    }
    throw new BadValue("is not a duration. Give one with its unit, like 25s, 300ms or 5m.");
  }

  /** As the file would have it: the largest unit that leaves no fraction, but 300s stays 300s. */
  static String print(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    return seconds % 3600 == 0 && seconds > 0 ? seconds / 3600 + "h" : seconds + "s";
  }

  /** An address of either family, without port. */
  static final Form<InetAddress> ADDRESS = Form.of(Forms::readAddress, AddressText::of);

  /**
   * A socket address like {@code 127.0.0.1:3799}, {@code [::1]:3799} or {@code [fe80::1%eth0]:547}.
   *
   * @param defaultPort taken when the text has none
   */
  static Form<InetSocketAddress> socket(int defaultPort) {
    return Form.of(
        text -> {
          HostPort parts = HostPort.split(text, defaultPort);
          return new InetSocketAddress(readAddress(parts.host()), parts.port());
        },
        AddressText::of);
  }

  /** As {@link #socket}, IPv6 alone. */
  static Form<InetSocketAddress> ipv6Socket(int defaultPort) {
    return Form.of(
        text -> {
          HostPort parts = HostPort.split(text, defaultPort);
          return new InetSocketAddress(readIpv6(parts.host()), parts.port());
        },
        AddressText::of);
  }

  /** An address and a port, not yet understood. */
  private record HostPort(String host, int port) {
    static HostPort split(String text, int defaultPort) throws BadValue {
      int close = text.lastIndexOf(']');
      if (text.startsWith("[") && close > 0) {
        String rest = text.substring(close + 1);
        return new HostPort(text.substring(1, close), rest.isEmpty() ? defaultPort : port(rest));
      }
      int colon = text.indexOf(':');
      boolean onlyOne = colon >= 0 && colon == text.lastIndexOf(':');
      return onlyOne
          ? new HostPort(text.substring(0, colon), port(text.substring(colon)))
          : new HostPort(text, defaultPort);
    }

    private static int port(String colonAndPort) throws BadValue {
      try {
        int port = Integer.parseInt(colonAndPort.substring(1));
        if (colonAndPort.charAt(0) == ':' && port >= 0 && port <= 65535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new BadValue(
          "has no port from 0 to 65535 at its end. Write 192.0.2.1:3799 or [2001:db8::1]:3799.");
    }
  }

  private static InetAddress readAddress(String text) throws BadValue {
    if (NetUtil.isValidIpV4Address(text)) {
      return NetUtil.createInetAddressFromIpAddressString(text);
    }
    if (text.indexOf(':') < 0) {
      throw new BadValue(
          "is not an IP address. Give one like 192.0.2.1 or 2001:db8::53; names are not looked up.");
    }
    return readIpv6(text);
  }

  private static InetAddress readIpv6(String text) throws BadValue {
    int percent = text.indexOf('%');
    String plain = percent < 0 ? text : text.substring(0, percent);
    if (!NetUtil.isValidIpV6Address(plain)) {
      throw new BadValue(NOT_IPV6);
    }
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(plain);
    try {
      int scope = percent < 0 ? -1 : scope(text.substring(percent + 1));
      return Inet6Address.getByAddress(null, octets, scope);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen octets are an address", e);
    }
  }

  /** A zone is an interface's name or index; Java by itself takes only those with an address. */
  private static int scope(String zone) throws BadValue {
    try {
      NetworkInterface named = NetworkInterface.getByName(zone);
      if (named != null) {
        return named.getIndex();
      }
      if (zone.matches("\\d{1,9}")) {
        NetworkInterface numbered = NetworkInterface.getByIndex(Integer.parseInt(zone));
        if (numbered != null) {
          return numbered.getIndex();
        }
      }
    } catch (SocketException e) {
      // said below
    }
    throw BadValue.forNow(
        "names the interface "
            + zone
            + ", which this machine does not have now. See `ip link` for those it has.");
  }

  /** A path, relative to the directory of the file that names it. */
  static Form<Path> path(Expansion expansion) {
    return TEXT.then(expansion::resolve, Path::toString);
  }
}
