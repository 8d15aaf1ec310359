package io.coagateway.radsec;

import java.net.InetSocketAddress;

/**
 * What is known of an open connection.
 *
 * @param client the configured client at the other end
 * @param direction who opened it
 * @param remote the other end's address and port
 * @param protocol the version of TLS, as {@code TLSv1.3}
 * @param cipher the cipher suite, by its name at IANA
 * @param subject of the other end's certificate
 */
public record ConnectionInfo(
    String client,
    Direction direction,
    InetSocketAddress remote,
    String protocol,
    String cipher,
    String subject) {
  /** Who opened a connection. */
  public enum Direction {
    /** The client connected to us. */
    INCOMING,
    /** We connected to the server, whose requests come back over it. */
    REVERSE
  }
}
