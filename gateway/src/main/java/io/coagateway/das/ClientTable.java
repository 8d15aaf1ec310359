package io.coagateway.das;

import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.Peer;
import io.coagateway.radsec.Peers;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.ratelimit.Limiter;
import io.coagateway.wire.Ipv6Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which client an address belongs to: the one with the longest prefix that holds it.
 *
 * <p>Nested prefixes are cut into disjoint spans once, so that a look-up is one binary search
 * without an object, however many clients there are: strangers must not be able to make it slow.
 */
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
  private final Spans ipv4;
  private final Spans ipv6;

  private ClientTable(Map<String, Entry> byName, Spans ipv4, Spans ipv6) {
    this.byName = byName;
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  /** No clients. */
  static ClientTable empty() {
    return new ClientTable(Map.of(), Spans.of(List.of(), false), Spans.of(List.of(), true));
  }

  /**
   * A table of these clients. What {@code before} has counted against an unchanged rate limit goes
   * on counting.
   */
  static ClientTable of(List<DasClient> clients, ClientTable before, ReplayMemory memory) {
    Map<String, Entry> byName = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (DasClient client : clients) {
      Optional<Entry> old =
          Optional.ofNullable(before.byName.get(client.name()))
              .filter(e -> e.client.rateLimit().equals(client.rateLimit()));
      Entry entry =
          new Entry(
              client,
              memory.clientNumber(client.name()),
              old.map(Entry::limiter).orElseGet(() -> limiter(client)),
              old.map(Entry::refusals).orElseGet(() -> limiter(client)));
      byName.put(client.name(), entry);
      entries.add(entry);
    }
    return new ClientTable(byName, Spans.of(entries, true), Spans.of(entries, false));
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
    return (address instanceof Inet4Address ? ipv4 : ipv6).find(AddressRange.valueOf(address));
  }

  /** Disjoint spans in ascending order; each reaches to the next one's start. */
  private static final class Spans {
    private record Owned(AddressRange range, Entry owner) {}

    private final long[] startHigh;
    private final long[] startLow;
    private final List<Optional<Entry>> owners;

    private Spans(List<Ipv6Address> starts, List<Optional<Entry>> owners) {
      this.startHigh = starts.stream().mapToLong(Ipv6Address::high).toArray();
      this.startLow = starts.stream().mapToLong(Ipv6Address::low).toArray();
      this.owners = owners;
    }

    static Spans of(List<Entry> entries, boolean ipv4) {
      List<Owned> ranges = new ArrayList<>();
      for (Entry entry : entries) {
        for (AddressRange range : entry.client.addresses()) {
          if (range.ipv4() == ipv4 && !entry.client.secrets().isEmpty()) {
            ranges.add(new Owned(range, entry));
          }
        }
      }
      // Prefixes nest or are disjoint; an outer one comes before those inside it.
      ranges.sort(
          Comparator.<Owned, Ipv6Address>comparing(o -> o.range().first())
              .thenComparing(o -> o.range().length()));
      List<Ipv6Address> starts = new ArrayList<>();
      List<Optional<Entry>> owners = new ArrayList<>();
      put(starts, owners, Ipv6Address.UNSPECIFIED, Optional.empty());
      Deque<Owned> open = new ArrayDeque<>();
      for (Owned next : ranges) {
        close(open, Optional.of(next.range().first()), starts, owners);
        put(starts, owners, next.range().first(), Optional.of(next.owner()));
        open.push(next);
      }
      close(open, Optional.empty(), starts, owners);
      return new Spans(starts, List.copyOf(owners));
    }

    /** Ends every open range that ends before {@code before}; the one around it takes over. */
    private static void close(
        Deque<Owned> open,
        Optional<Ipv6Address> before,
        List<Ipv6Address> starts,
        List<Optional<Entry>> owners) {
      while (!open.isEmpty()) {
        Ipv6Address last = open.peek().range().last();
        if (before.isPresent() && last.compareTo(before.get()) >= 0) {
          return;
        }
        open.pop();
        Optional<Entry> around = Optional.ofNullable(open.peek()).map(Owned::owner);
        if (last.high() == -1 && last.low() == -1) {
          continue; // nothing comes after the highest address
        }
        put(starts, owners, next(last), around);
      }
    }

    private static Ipv6Address next(Ipv6Address address) {
      long low = address.low() + 1;
      return new Ipv6Address(low == 0 ? address.high() + 1 : address.high(), low);
    }

    private static void put(
        List<Ipv6Address> starts,
        List<Optional<Entry>> owners,
        Ipv6Address start,
        Optional<Entry> owner) {
      int end = starts.size() - 1;
      if (end >= 0 && starts.get(end).equals(start)) {
        owners.set(end, owner);
      } else {
        starts.add(start);
        owners.add(owner);
      }
    }

    Optional<Entry> find(Ipv6Address address) {
      int from = 0;
      int to = startHigh.length - 1;
      while (from < to) { // the last span whose start is not above the address
        int middle = (from + to + 1) >>> 1;
        if (isAbove(middle, address)) {
          to = middle - 1;
        } else {
          from = middle;
        }
      }
      return owners.get(from);
    }

    private boolean isAbove(int span, Ipv6Address address) {
      int high = Long.compareUnsigned(startHigh[span], address.high());
      return high > 0 || (high == 0 && Long.compareUnsigned(startLow[span], address.low()) > 0);
    }
  }
}
