package io.coagateway.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who the NAS is that the gateway stands beside (RFC 5176 section 3), and how its data path is cut.
 *
 * @param identifier its NAS-Identifier; with no identifier and no addresses any name is accepted
 * @param addresses its NAS-IP-Addresses and NAS-IPv6-Addresses
 * @param onDisconnect what cuts the data path of a session; empty: somebody else does
 */
public record NasSettings(
    Optional<String> identifier, List<InetAddress> addresses, Optional<OnDisconnect> onDisconnect) {
  /** Copies the list. */
  public NasSettings {
    addresses = List.copyOf(addresses);
  }

  /** What its records have for {@code nas}: the identifier, or nothing. */
  public String name() {
    return identifier.orElse("");
  }

  /**
   * A command that gets sessions and leases as JSON on stdin; exit 0 means that the data path is
   * cut.
   *
   * @param command program and arguments; the program is an absolute path to an executable file
   * @param timeout after that long it is killed and has failed
   */
  public record OnDisconnect(List<String> command, Duration timeout) {
    /** Copies the list. */
    public OnDisconnect {
      command = List.copyOf(command);
    }
  }
}
