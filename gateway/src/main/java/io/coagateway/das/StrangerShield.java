package io.coagateway.das;

import io.coagateway.time.Timers;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel drop what strangers send while they send very much of it, so that a flood takes
 * neither the receive buffer nor the loop from those who are configured.
 *
 * <pre>
 *   down --{@value #RAISED_BY} datagrams of strangers within a second--> up
 *   up --less than {@value #CALM_BELOW} a second for {@value #CALM_SECONDS} seconds--> down
 * </pre>
 *
 * <p>Down, every stranger is heard, counted and logged, as somebody who forgot to configure a
 * client needs it. Up, one of {@value SourceFilter#SAMPLE} is ({@link SourceFilter}), from which
 * the whole is estimated; the kernel counts what it drops. Where it refuses (not Linux, not epoll,
 * more clients than a filter takes) everything goes on as it did, and a line says so once.
 *
 * <p>For the gateway loop.
 */
final class StrangerShield {
  static final int RAISED_BY = 2000;
  static final int CALM_BELOW = 500;
  static final int CALM_SECONDS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(StrangerShield.class);
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

  private final Timers timers;
  private final Map<Guarded, Integer> sockets = new LinkedHashMap<>(); // with their drops so far
  private Optional<SourceFilter> ipv4 = Optional.empty();
  private Optional<SourceFilter> ipv6 = Optional.empty();
  private boolean raised;
  private boolean refused;
  private int strangers; // within this second
  private int calmSeconds;
  private long raisedAt;
  private long dropped;
  private long droppedWhenRaised;

  StrangerShield(Timers timers) {
    this.timers = timers;
  }

  /** Who is no stranger from now on. */
  void clients(List<DasClient> clients) {
    List<AddressRange> ranges =
        clients.stream()
            .filter(client -> !client.secrets().isEmpty())
            .flatMap(client -> client.addresses().stream())
            .toList();
    ipv4 = SourceFilter.of(ranges, true);
    ipv6 = SourceFilter.of(ranges, false);
    refused = false;
    if (raised && !sockets.keySet().stream().allMatch(this::attach)) {
      lower("a filter is refused now");
    }
  }

  /** A socket is open. */
  void opened(Guarded socket) {
    sockets.put(socket, socket.drops());
    if (raised && !attach(socket)) {
      lower("a filter is refused now");
    }
  }

  /** A socket is about to close, or is closed. */
  void closed(Guarded socket) {
    sockets.remove(socket);
  }

  /** A datagram came from an address that is no client's. */
  void stranger() {
    if (++strangers == RAISED_BY && !raised && !refused) {
      raise();
    }
  }

  /** A second has passed. */
  void second() {
    sockets.replaceAll(
        (socket, before) -> {
          int now = socket.drops();
          dropped += (now - before) & DROPS_MASK;
          return now;
        });
    long perSecond = raised ? (long) strangers * SourceFilter.SAMPLE : strangers;
    strangers = 0;
    calmSeconds = perSecond < CALM_BELOW ? calmSeconds + 1 : 0;
    if (raised && calmSeconds >= CALM_SECONDS) {
      lower("they have calmed down");
    }
  }

  /** Whether the kernel drops strangers now. */
  boolean isRaised() {
    return raised;
  }

  /** Datagrams that the kernel dropped, for whatever reason. */
  long dropped() {
    return dropped;
  }

  private void raise() {
    raised = true;
    raisedAt = timers.nanos();
    droppedWhenRaised = dropped;
    calmSeconds = 0;
    if (sockets.keySet().stream().allMatch(this::attach)) {
      LOG.warn(
          "stranger-shield-raised {} datagrams of strangers within a second: the kernel drops all"
              + " but one in {} of them until they calm down",
          RAISED_BY,
          SourceFilter.SAMPLE);
    } else {
      raised = false;
      sockets.keySet().forEach(StrangerShield::detach);
    }
  }

  private void lower(String why) {
    raised = false;
    sockets.keySet().forEach(StrangerShield::detach);
    LOG.info(
        "stranger-shield-lowered after {} s: {}; the kernel dropped {} datagrams",
        Duration.ofNanos(timers.nanos() - raisedAt).toSeconds(),
        why,
        dropped - droppedWhenRaised);
  }

  /** False: not to be had. */
  private boolean attach(Guarded socket) {
    try {
      boolean isIpv4 = socket.local().getAddress() instanceof Inet4Address;
      Optional<SourceFilter> filter = isIpv4 ? ipv4 : ipv6;
      if (filter.isEmpty()) {
        throw new IOException("there are more clients than a filter can tell apart");
      }
      socket.attach(filter.get());
      return true;
    } catch (IOException e) {
      refused = true;
      LOG.warn("stranger-shield-unavailable {}: {}", socket.local(), e.getMessage());
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
