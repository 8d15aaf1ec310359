package io.coagateway.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One thing wrong, or doubtful, in a configuration, said for the person who can mend it. Its text
 * is one line: {@code conf/gateway.yaml:14: dhcpv6.servers[1].address: "2001:db8::zz" is not an
 * IPv6 address. Give one like 2001:db8::53 or fe80::1%eth0.}
 *
 * @param file the file as it was named to us
 * @param line the line, from 1; 0 when the whole file is meant
 * @param keyPath where in the file, like {@code dhcpv6.servers[1].address}; empty for the whole
 * @param value what was written there, before any expansion; empty where there is no single value
 *     or where it is a secret
 * @param message what is wrong and what to write instead; continues the value's sentence
 * @param mayPass whether it may go away without a change of the file, like an interface that is not
 *     there yet
 */
public record Problem(
    Path file, int line, String keyPath, Optional<String> value, String message, boolean mayPass) {
  /** A problem that stays until somebody edits the file. */
  public Problem(Path file, int line, String keyPath, Optional<String> value, String message) {
    this(file, line, keyPath, value, message, false);
  }

  /** The one line, value in quotes, line breaks in the value shown as {@code \n}, NUL as \0. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder().append(file);
    if (line > 0) {
      out.append(':').append(line);
    }
    out.append(": ");
    if (!keyPath.isEmpty()) {
      out.append(keyPath).append(": ");
    }
    value.ifPresent(
        v -> out.append('"').append(v.replace("\r", "\\r").replace("\n", "\\n")).append("\" "));
    return out.append(message).toString().replace("\0", "\\0");
  }
}
