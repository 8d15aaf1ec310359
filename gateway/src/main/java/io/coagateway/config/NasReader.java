package io.coagateway.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code nas}. */
final class NasReader {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

  private static final String CURE = "Give program and arguments, like [/usr/local/sbin/drop].";

  private NasReader() {}

  static NasSettings read(Section nas) {
    Optional<String> identifier = nas.optional("identifier", Forms.TEXT);
    List<InetAddress> addresses = nas.list("addresses", Forms.ADDRESS, List.of());
    boolean isNamed = !identifier.isEmpty() || !addresses.isEmpty();
    boolean isMisnamed = nas.isWrong("identifier") || nas.isWrong("addresses");
    if (!isNamed && !isMisnamed) {
      nas.warning(
          "identifier",
          "is left out, and so is nas.addresses: requests for any NAS are taken for this one's. Set"
              + " them to what the DACs send as NAS-Identifier, NAS-IP-Address and"
              + " NAS-IPv6-Address.");
    }
    Optional<NasSettings.OnDisconnect> onDisconnect =
        nas.optionalSection("on-disconnect", NasReader::onDisconnect).flatMap(o -> o);
    return new NasSettings(identifier, addresses, onDisconnect);
  }

  private static Optional<NasSettings.OnDisconnect> onDisconnect(Section section) {
    Duration timeout =
        section.value(
            "timeout",
            Forms.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            DEFAULT_TIMEOUT);
    List<String> command = section.list("command", Forms.TEXT, List.of());
    if (command.isEmpty()) {
      if (!section.has("command")) {
        section.missing("command", CURE);
      } else if (section.isEmptyList("command")) {
        section.problemAt("command", "is empty. " + CURE);
      }
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(command);
    try {
      String what = "the program that cuts a session's data path";
      words.set(0, section.expansion().program(command.get(0), what).toString());
    } catch (BadValue e) {
      section.problemAt("command", e.getMessage());
      return Optional.empty();
    }
    return Optional.of(new NasSettings.OnDisconnect(words, timeout));
  }
}
