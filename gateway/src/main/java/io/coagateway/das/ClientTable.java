package io.coagateway.das;

import static java.util.stream.Collectors.toSet;

import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.Peer;
import io.coagateway.radsec.Peers;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.ratelimit.Limiter;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which client sends from an address, and which one shows a certificate. */
final class ClientTable implements Peers {
  /** A client with what belongs to it while the gateway runs. */
  static final class Entry {
    private final DasClient client;
    private final int number;
    private final Limiter limiter;
    private final Limiter refusals;
    private final List<SessionRule.Matcher> sessions;
    private final List<Secret> tlsSecrets;

    private Entry(DasClient client, int number, Limiter limiter, Limiter refusals) {
      this.client = client;
      this.number = number;
      this.limiter = limiter;
      this.refusals = refusals;
      this.sessions = client.sessions().stream().map(SessionRule::matcher).toList();
      this.tlsSecrets = client.tls().map(TlsPeer::secret).stream().toList();
    }

    DasClient client() {
      return client;
    }

    /** The number by which the replay memory knows it. */
    int number() {
      return number;
    }

    private boolean sharesSecretWith(DasClient other) {
      return !Collections.disjoint(client.secrets(), other.secrets());
    }

    /** The one secret over TLS, or none. */
    List<Secret> tlsSecrets() {
      return tlsSecrets;
    }

    /** How many requests may be executed. */
    Limiter limiter() {
      return limiter;
    }

    /** How many over the limit are told so. */
    Limiter refusals() {
      return refusals;
    }

    /** Whether the request names sessions that this client may ask for. */
    boolean mayAskFor(AttributeList request, AttributeDictionary dictionary) {
      if (sessions.isEmpty()) {
        return true;
      }
      for (SessionRule.Matcher rule : sessions) {
        if (rule.permits(request, dictionary)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Map<String, Entry> byName;
  private final AddressOwners<Entry> byAddress;

  private ClientTable(Map<String, Entry> byName, AddressOwners<Entry> byAddress) {
    this.byName = byName;
    this.byAddress = byAddress;
  }

  /** No clients. */
  static ClientTable empty() {
    return new ClientTable(Map.of(), AddressOwners.of(Map.of()));
  }

  /**
   * A table of these clients. What {@code before} has counted against an unchanged rate limit goes
   * on counting.
   */
  static ClientTable of(List<DasClient> clients, ClientTable before, ReplayMemory memory) {
    Map<String, Entry> byName = new HashMap<>();
    Map<AddressRange, Entry> overUdp = new HashMap<>();
    Set<String> there = clients.stream().map(DasClient::name).collect(toSet());
    for (DasClient client : clients) {
      Optional<Entry> old =
          Optional.ofNullable(before.byName.get(client.name()))
              .filter(e -> e.client.rateLimit().equals(client.rateLimit()));
      int number = memory.clientNumber(client.name());
      if (!before.byName.containsKey(client.name())) {
        memory.inherit(
            number,
            other ->
                before.byName.containsKey(other)
                    ? before.byName.get(other).sharesSecretWith(client)
                    : !there.contains(other)); // nobody knows the secrets of one long gone
      }
      Entry entry =
          new Entry(
              client,
              number,
              old.map(Entry::limiter).orElseGet(() -> limiter(client)),
              old.map(Entry::refusals).orElseGet(() -> limiter(client)));
      byName.put(client.name(), entry);
      client.rangesOverUdp().forEach(range -> overUdp.put(range, entry));
    }
    return new ClientTable(byName, AddressOwners.of(overUdp));
  }

  private static Limiter limiter(DasClient client) {
    return client.rateLimit().map(Limiter::of).orElseGet(Limiter::unlimited);
  }

  /** The client of this name, if it may come over TLS. */
  Optional<Entry> overTls(String name) {
    return Optional.ofNullable(byName.get(name)).filter(e -> e.client.tls().isPresent());
  }

  /**
   * The client that shows this certificate: one with a rule for it before one that is known by its
   * address alone, otherwise in the order of their names.
   */
  @Override
  public Optional<Peer> identify(X509Certificate certificate, InetAddress source) {
    return byName.values().stream()
        .map(Entry::client)
        .filter(c -> c.tls().isPresent() && c.tls().get().accepts(certificate))
        .filter(c -> c.maySendFrom(source))
        .min(
            Comparator.comparing((DasClient c) -> c.tls().orElseThrow().certificates().isEmpty())
                .thenComparing(DasClient::name))
        .map(c -> new Peer(c.name(), c.tls().orElseThrow()));
  }

  @Override
  public boolean mayComeFrom(InetAddress source) {
    return byName.values().stream()
        .anyMatch(e -> e.client.tls().isPresent() && e.client.maySendFrom(source));
  }

  /** The client that sends from {@code address} over UDP. */
  Optional<Entry> find(InetAddress address) {
    return byAddress.find(address);
  }
}
