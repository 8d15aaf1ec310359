package io.coagateway.radsec;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that can be set about TLS, besides the peers.
 *
 * @param listen where to listen, TCP; empty: nobody connects to us
 * @param credentials who we are and whom we trust
 * @param maxConnections how many connections others may have to us, 1 to {@value #MAX_CONNECTIONS}
 * @param idleTimeout a connection to us without a packet for that long is closed; zero: never
 * @param packetTimeout how long a handshake, or a packet that has begun, may take; 1 s or more
 * @param watchdog after so much silence on a connection that we opened a Status-Server asks whether
 *     the other end lives (RFC 3539 section 3.4); zero: never
 * @param nasIdentifier what that Status-Server says we are
 */
public record TlsParameters(
    List<InetSocketAddress> listen,
    TlsCredentials credentials,
    int maxConnections,
    Duration idleTimeout,
    Duration packetTimeout,
    Duration watchdog,
    Optional<String> nasIdentifier) {
  /** RFC 6614 section 2.1: for all kinds of RADIUS packets. */
  public static final int PORT = 2083;

  /** The most connections that can be set. */
  public static final int MAX_CONNECTIONS = 10_000;

  /** Enough for every DAC to have several. */
  public static final int DEFAULT_MAX_CONNECTIONS = 64;

  /** Longer than any watchdog interval. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(15);

  /** Long enough for a slow line, short enough for a stuck one. */
  public static final Duration DEFAULT_PACKET_TIMEOUT = Duration.ofSeconds(10);

  /** draft-ietf-radext-reverse-coa section 4: so that no NAT forgets the connection. */
  public static final Duration DEFAULT_WATCHDOG = Duration.ofSeconds(15);

  /** RFC 3539 section 3.4.1: no less than that. */
  public static final Duration MIN_WATCHDOG = Duration.ofSeconds(6);

  /** Refuses values out of range. */
  public TlsParameters {
    listen = List.copyOf(listen);
    Objects.requireNonNull(credentials);
    Objects.requireNonNull(idleTimeout);
    Objects.requireNonNull(nasIdentifier);
    if (maxConnections < 1 || maxConnections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException(
          maxConnections + " connections are not 1 to " + MAX_CONNECTIONS);
    }
    if (packetTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("packet timeout " + packetTimeout + " is below 1 s");
    }
    if (!watchdog.isZero() && watchdog.compareTo(MIN_WATCHDOG) < 0) {
      throw new IllegalArgumentException("watchdog " + watchdog + " is below 6 s");
    }
  }

  /** The same, saying that we are {@code identifier}. */
  public TlsParameters forNas(Optional<String> identifier) {
    return new TlsParameters(
        listen, credentials, maxConnections, idleTimeout, packetTimeout, watchdog, identifier);
  }
}
