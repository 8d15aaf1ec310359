package io.coagateway.admin;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the admin port needs to know.
 *
 * @param listen where HTTP is served; empty: nowhere
 * @param socket a Unix socket where HTTP is served without token; the directory guards it
 * @param token opens {@code /subscribers} and {@code /events} on {@code listen}; empty: they are
 *     closed there
 * @param hosts names under which a browser or Prometheus may address the port, besides IP literals
 *     and localhost; lower case, without port
 * @param maxConnections the most connections at once, 1 to 1024; as many over the Unix socket
 */
public record AdminParameters(
    Optional<InetSocketAddress> listen,
    Optional<Path> socket,
    Optional<AdminToken> token,
    Set<String> hosts,
    int maxConnections) {
  /** Copies the set. */
  public AdminParameters {
    hosts = Set.copyOf(hosts);
  }

  /** The most connections at once, over the port and the Unix socket together. */
  public int allConnections() {
    return (listen.isPresent() ? maxConnections : 0) + (socket.isPresent() ? maxConnections : 0);
  }
}
