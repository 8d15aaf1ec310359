package io.coagateway.das;

import io.coagateway.radsec.TlsParameters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that can be set about the server role.
 *
 * @param listen where to listen; {@code 0.0.0.0} stands for every IPv4 address of this machine and
 *     {@code [::]} for every IPv6 one, each with a socket of its own, so that an answer leaves from
 *     the address that was asked
 * @param clients who may send
 * @param window how far an Event-Timestamp may lie in the past or the future, and how long a
 *     request and its answer are remembered: one value for both (RFC 5176 section 6.3); 1 s to 1 h
 * @param replayEntries how many requests are remembered at most, {@value #MIN_REPLAY_ENTRIES} to
 *     {@value #MAX_REPLAY_ENTRIES}; {@link ReplayMemory#OCTETS_PER_ENTRY} octets each. What a
 *     client sends in one window should fit
 * @param receiveBuffer octets that the kernel may hold for each socket (SO_RCVBUF)
 * @param floodShield whether the kernel drops most of a flood
 * @param tls how clients come over TLS; empty: none does
 */
public record DasParameters(
    List<InetSocketAddress> listen,
    List<DasClient> clients,
    Duration window,
    int replayEntries,
    int receiveBuffer,
    ShieldMode floodShield,
    Optional<TlsParameters> tls) {
  /** 300 s (RFC 5176 section 6.3). */
  public static final Duration DEFAULT_WINDOW = Duration.ofMinutes(5);

  /** Some 1,700 requests per second over the default window, in about 58 MiB. */
  public static final int DEFAULT_REPLAY_ENTRIES = 1 << 19;

  /** The smallest replay memory that can be set. */
  public static final int MIN_REPLAY_ENTRIES = 256;

  /** The largest replay memory that can be set. */
  public static final int MAX_REPLAY_ENTRIES = 1 << 24;

  /** What a burst of some forty thousand requests needs. */
  public static final int DEFAULT_RECEIVE_BUFFER = 16 << 20;

  private static final Duration MAX_WINDOW = Duration.ofHours(1);

  /**
   * Refuses values out of range, two clients of one name, and over UDP one range with two clients;
   * over TLS the certificate tells these apart.
   */
  public DasParameters {
    Objects.requireNonNull(window);
    Objects.requireNonNull(floodShield);
    Objects.requireNonNull(tls);
    listen = List.copyOf(listen);
    clients = List.copyOf(clients);
    if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(MAX_WINDOW) > 0) {
      throw new IllegalArgumentException("window " + window + " is not 1 s to 1 h");
    }
    if (replayEntries < MIN_REPLAY_ENTRIES || replayEntries > MAX_REPLAY_ENTRIES) {
      throw new IllegalArgumentException(
          "replay memory of "
              + replayEntries
              + " requests is not "
              + MIN_REPLAY_ENTRIES
              + " to "
              + MAX_REPLAY_ENTRIES);
    }
    if (receiveBuffer < 4096) {
      throw new IllegalArgumentException(
          "receive buffer of " + receiveBuffer + " octets cannot hold a packet of 4096");
    }
    Set<String> names = new HashSet<>();
    Map<AddressRange, String> owners = new HashMap<>();
    for (DasClient client : clients) {
      if (!names.add(client.name())) {
        throw new IllegalArgumentException("two clients are named " + client.name());
      }
      for (AddressRange range : client.rangesOverUdp()) {
        String owner = owners.putIfAbsent(range, client.name());
        if (owner != null) {
          throw new IllegalArgumentException(
              range + " belongs to both " + owner + " and " + client.name());
        }
      }
    }
  }

  /** These listen addresses and clients, everything else at its default. */
  public static DasParameters of(List<InetSocketAddress> listen, List<DasClient> clients) {
    return new DasParameters(
        listen,
        clients,
        DEFAULT_WINDOW,
        DEFAULT_REPLAY_ENTRIES,
        DEFAULT_RECEIVE_BUFFER,
        ShieldMode.AUTO,
        Optional.empty());
  }

  /** The same, saying over TLS that we are {@code identifier}. */
  public DasParameters forNas(Optional<String> identifier) {
    return new DasParameters(
        listen,
        clients,
        window,
        replayEntries,
        receiveBuffer,
        floodShield,
        tls.map(settings -> settings.forNas(identifier)));
  }

  /** The same with another size of the replay memory. */
  public DasParameters withReplayEntries(int entries) {
    return new DasParameters(listen, clients, window, entries, receiveBuffer, floodShield, tls);
  }
}
