package io.coagateway.das;

import io.coagateway.time.Timers;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel drop most of what would be dropped here anyway, while there is very much of it:
 * the datagrams of strangers, and what a client sends far beyond its rate limit. So a flood takes
 * neither the receive buffer nor the loop from the others.
 *
 * <p>For the strangers together and for each client, of what comes from there one datagram in n is
 * kept, chosen at random:
 *
 * <pre>
 *   n = 1, {@value #RAISED_BY} unwanted within a second   -> n = {@value #FIRST}
 *   more than {@value #MOST} of those kept unwanted in a second    -> n grows, to some {@value #AIM}
 *   fewer than {@value #LEAST}                                   -> half of n; 1 is the end of it
 * </pre>
 *
 * <p>A client keeps what its limit gives it: only what exceeds the limit and its refusals (another
 * time the limit) is unwanted. At n = 1 everything is heard, counted and logged, as somebody who
 * forgot to configure a client needs it; and what is kept of a flood still is. Where the kernel
 * refuses (not Linux, not epoll, more addresses than a filter takes) all goes on as it did, and a
 * line says so once.
 *
 * <p>What a forger sends in a client's name is not thinned: only the digest tells it from the
 * client's own. For the gateway loop.
 */
final class FloodShield {
  static final int RAISED_BY = 2000;
  static final int FIRST = 16;
  static final int MOST = 4000;
  static final int AIM = 1000;
  static final int LEAST = 250;
  private static final int MAX_N = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(FloodShield.class);
  private static final long DROPS_MASK = 0xffffffffL;

  /** A socket, as the shield sees it. */
  interface Guarded {
    /** Where it listens. */
    InetSocketAddress local();

    /** See {@link KernelSocket#attach}. */
    void attach(SourceFilter filter) throws IOException;

    /** See {@link KernelSocket#detach}. */
    void detach() throws IOException;

    /** See {@link KernelSocket#drops}. */
    int drops();
  }

  /** Those who are thinned together. */
  private static final class Source {
    private final String name;
    private int keptOneIn = 1;
    private int unwanted; // within this second
    private long since;

    Source(String name) {
      this.name = name;
    }

    /** What the second that ends asks for. */
    int next() {
      if (keptOneIn == 1) {
        return 1;
      }
      if (unwanted > MOST) {
        int growth = Integer.highestOneBit(2 * (unwanted / AIM) - 1);
        return Math.min(MAX_N, keptOneIn * growth);
      }
      return unwanted < LEAST ? keptOneIn / 2 : keptOneIn;
    }
  }

  private final Timers timers;
  private final Map<Guarded, Integer> sockets = new LinkedHashMap<>(); // with their drops so far
  private final Source strangers = new Source("strangers");
  private Map<String, Source> clients = Map.of();
  private List<DasClient> configured = List.of();
  private ShieldMode mode = ShieldMode.AUTO;
  private boolean refused;
  private long dropped;

  FloodShield(Timers timers) {
    this.timers = timers;
  }

  /** Whether it may be raised, and who is no stranger, from now on. */
  void configure(ShieldMode nextMode, List<DasClient> next) {
    mode = nextMode;
    Map<String, Source> sources = new HashMap<>();
    for (DasClient client : next) {
      Source before = clients.get(client.name());
      sources.put(client.name(), before == null ? new Source(client.name()) : before);
    }
    configured = List.copyOf(next);
    clients = Map.copyOf(sources);
    refused = false;
    apply();
  }

  /** A socket is open. */
  void opened(Guarded socket) {
    sockets.put(socket, socket.drops());
    apply();
  }

  /** A socket is about to close, or is closed. */
  void closed(Guarded socket) {
    sockets.remove(socket);
  }

  /** A datagram came from an address that is no client's. */
  void stranger() {
    unwanted(strangers);
  }

  /** A request was dropped because its client exceeds its limit twofold. */
  void overLimit(String client) {
    Source source = clients.get(client);
    if (source != null) {
      unwanted(source);
    }
  }

  private void unwanted(Source source) {
    if (++source.unwanted == RAISED_BY && source.keptOneIn == 1 && mayRaise()) {
      source.keptOneIn = FIRST;
      source.since = timers.nanos();
      apply();
      if (source.keptOneIn > 1) {
        LOG.warn(
            "flood-shield-raised from=\"{}\" {} unwanted datagrams within a second: the kernel"
                + " drops most of them now",
            source.name,
            RAISED_BY);
      }
    }
  }

  private boolean mayRaise() {
    return mode == ShieldMode.AUTO && !refused;
  }

  /** A second has passed. */
  void second() {
    sockets.replaceAll(
        (socket, before) -> {
          int now = socket.drops();
          dropped += (now - before) & DROPS_MASK;
          return now;
        });
    boolean changed = endSecond(strangers);
    for (Source source : clients.values()) {
      changed |= endSecond(source);
    }
    if (changed) {
      apply();
    }
  }

  private boolean endSecond(Source source) {
    int next = source.next();
    boolean changed = next != source.keptOneIn;
    source.keptOneIn = next;
    source.unwanted = 0;
    if (changed && next == 1) {
      LOG.info(
          "flood-shield-lowered from=\"{}\" after {} s",
          source.name,
          Duration.ofNanos(timers.nanos() - source.since).toSeconds());
    }
    return changed;
  }

  /** How many are thinned: the strangers count as one, each client as one. */
  int raised() {
    int raised = strangers.keptOneIn > 1 ? 1 : 0;
    for (Source source : clients.values()) {
      raised += source.keptOneIn > 1 ? 1 : 0;
    }
    return raised;
  }

  /** Datagrams that the kernel dropped, for whatever reason. */
  long dropped() {
    return dropped;
  }

  /** Gives every socket the filter that it needs now, or none. */
  private void apply() {
    if (raised() > 0 && mayRaise() && sockets.keySet().stream().allMatch(this::attach)) {
      return;
    }
    strangers.keptOneIn = 1;
    clients.values().forEach(source -> source.keptOneIn = 1);
    sockets.keySet().forEach(FloodShield::detach);
  }

  /** False: not to be had. */
  private boolean attach(Guarded socket) {
    boolean ipv4 = socket.local().getAddress() instanceof Inet4Address;
    Map<AddressRange, Integer> keptOneIn = new LinkedHashMap<>();
    for (DasClient client : configured) {
      if (!client.secrets().isEmpty()) {
        int n = clients.get(client.name()).keptOneIn;
        client.addresses().forEach(range -> keptOneIn.put(range, n));
      }
    }
    try {
      Optional<SourceFilter> filter = SourceFilter.of(keptOneIn, ipv4, strangers.keptOneIn);
      if (filter.isEmpty()) {
        throw new IOException("there are more addresses than a filter can tell apart");
      }
      socket.attach(filter.get());
      return true;
    } catch (IOException e) {
      refused = true;
      LOG.warn("flood-shield-unavailable local={}: {}", socket.local(), e.getMessage());
      return false;
    }
  }

  private static void detach(Guarded socket) {
    try {
      socket.detach();
    } catch (IOException e) {
      LOG.debug("It had none: {}", e.getMessage());
    }
  }
}
