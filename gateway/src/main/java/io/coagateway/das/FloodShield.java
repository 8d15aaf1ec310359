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
 * the datagrams of strangers, what a client sends far beyond its rate limit, and, if need be, what
 * is forged in a client's name. So a flood takes neither the receive buffer nor the loop from the
 * others.
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
 * <p>What a forger sends in a client's name is another matter: only the digest tells it from the
 * client's own, and a request of the client's that the kernel drops is lost. So all of it is read,
 * as long as the loop keeps up. Only when {@value #RAISED_BY} or more a second are forged and a
 * socket's receive buffer fills up, so that something will be dropped, this chooses what. First, if
 * they came from {@value ForgingPorts#MOST} ports at most, of what comes from these one in {@value
 * Forgery#MAX_N}, until little is forged; ports that the client has lately proven itself from are
 * excepted, and those that nobody has used yet are heard. Where that is not enough, of what comes
 * from ports that the client has not lately proven itself from one in n:
 *
 * <pre>
 *   the buffer is more than half full           -> n becomes {@value Forgery#PRESSED_BY} n, at most {@value Forgery#MAX_N}, and again while it is
 *   a second in which it never was              -> half of n; 1 is the end of it
 * </pre>
 *
 * <p>A forger who sees the client's traffic and uses its ports cannot be told apart here.
 *
 * <p>For the loop of the sockets.
 */
final class FloodShield {
  static final int RAISED_BY = 2000;
  static final int FIRST = 16;
  static final int MOST = 1500;
  static final int AIM = 500;
  static final int LEAST = 125;
  private static final int MAX_N = 4096;

  /** How many forged datagrams pass between two looks at the receive buffer. */
  static final int LOOK_EVERY = 256;

  /** Between two filters that differ in ports alone. */
  private static final long NEW_PORTS_NANOS = 10_000_000;

  /**
   * Instructions for ports in one filter: half of what the kernel takes, the rest for addresses.
   */
  private static final int FOR_PORTS = 2048;

  /** What it takes to tell ports apart in a range, besides one for each port. */
  private static final int BESIDES_PORTS = 8;

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

    /** See {@link KernelSocket#isFillingUp}. */
    boolean isFillingUp();
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
  private Map<String, Forgery> forgeries = Map.of();
  private boolean newPorts; // which the filters do not know yet
  private long appliedAt;
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
    Map<String, Forgery> inTheirNames = new HashMap<>();
    for (DasClient client : next) {
      String name = client.name();
      sources.put(name, clients.getOrDefault(name, new Source(name)));
      inTheirNames.put(name, forgeries.getOrDefault(name, new Forgery()));
    }
    configured = List.copyOf(next);
    clients = Map.copyOf(sources);
    forgeries = Map.copyOf(inTheirNames);
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

  /** A good request of a client came from this port. */
  void proven(String client, int port) {
    Forgery forgery = forgeries.get(client);
    if (forgery != null && forgery.proven(port)) {
      newPorts = true;
    }
    applyNewPorts();
  }

  /**
   * A datagram that came in at {@code socket} bears the client's address, not its secret.
   *
   * @param port its source port
   */
  void forged(String client, int port, Guarded socket) {
    Forgery forgery = forgeries.get(client);
    if (forgery == null) {
      return;
    }
    if (forgery.forged(port)) {
      newPorts = true;
    }
    applyNewPorts();
    if (forgery.isLookDue() && mayRaise() && socket.isFillingUp()) {
      press(client, forgery);
    }
  }

  private void press(String client, Forgery forgery) {
    boolean first = !forgery.isThinned();
    if (!forgery.press(timers.nanos())) {
      return;
    }
    apply();
    if (first && forgery.isThinned()) {
      LOG.warn(
          "flood-shield-raised from=\"{}\" more datagrams with a wrong authenticator come than can"
              + " be read: the kernel drops most of what comes from their ports, or, if there are"
              + " too many of these, from others than those of the client's last good requests",
          client);
    }
  }

  private void applyNewPorts() {
    if (newPorts && timers.nanos() - appliedAt >= NEW_PORTS_NANOS) {
      apply();
    }
  }

  private void unwanted(Source source) {
    if (++source.unwanted == RAISED_BY && source.keptOneIn == 1 && mayRaise()) {
      source.keptOneIn = FIRST;
      source.unwanted = 0; // what comes from now on is judged by what is kept
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
    for (Map.Entry<String, Forgery> forgery : forgeries.entrySet()) {
      changed |= endSecond(forgery.getKey(), forgery.getValue());
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
      lowered(source.name, source.since);
    }
    return changed;
  }

  private boolean endSecond(String client, Forgery forgery) {
    boolean changed = forgery.endSecond();
    if (changed && !forgery.isThinned()) {
      lowered(client, forgery.since());
    }
    return changed;
  }

  private void lowered(String name, long since) {
    LOG.info(
        "flood-shield-lowered from=\"{}\" after {} s",
        name,
        Duration.ofNanos(timers.nanos() - since).toSeconds());
  }

  /** How many are thinned: the strangers count as one, each client as one. */
  int raised() {
    int raised = strangers.keptOneIn > 1 ? 1 : 0;
    for (Source source : clients.values()) {
      raised += source.keptOneIn > 1 || forgeries.get(source.name).isThinned() ? 1 : 0;
    }
    return raised;
  }

  /** Datagrams that the kernel dropped, for whatever reason. */
  long dropped() {
    return dropped;
  }

  /** Gives every socket the filter that it needs now, or none. */
  private void apply() {
    newPorts = false;
    appliedAt = timers.nanos();
    if (raised() > 0 && mayRaise() && sockets.keySet().stream().allMatch(this::attach)) {
      return;
    }
    strangers.keptOneIn = 1;
    clients.values().forEach(source -> source.keptOneIn = 1);
    forgeries.values().forEach(Forgery::end);
    sockets.keySet().forEach(FloodShield::detach);
  }

  /** False: not to be had. */
  private boolean attach(Guarded socket) {
    boolean ipv4 = socket.local().getAddress() instanceof Inet4Address;
    Map<AddressRange, SourceFilter.Share> shares = new LinkedHashMap<>();
    int portsEach = Math.max(0, FOR_PORTS / Math.max(1, thinnedRanges()) - BESIDES_PORTS);
    for (DasClient client : configured) {
      if (!client.secrets().isEmpty()) {
        SourceFilter.Share share = share(client.name(), portsEach);
        client.addresses().forEach(range -> shares.put(range, share));
      }
    }
    try {
      Optional<SourceFilter> filter = SourceFilter.of(shares, ipv4, strangers.keptOneIn);
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

  private SourceFilter.Share share(String client, int mostPorts) {
    return forgeries.get(client).share(clients.get(client).keptOneIn, mostPorts);
  }

  /** How many ranges the ports of their clients are to be told apart in. */
  private int thinnedRanges() {
    return configured.stream()
        .filter(client -> forgeries.get(client.name()).isThinned())
        .mapToInt(client -> client.addresses().size())
        .sum();
  }

  private static void detach(Guarded socket) {
    try {
      socket.detach();
    } catch (IOException e) {
      LOG.debug("flood-shield-absent {}", e.getMessage());
    }
  }
}
