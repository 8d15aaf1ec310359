package io.coagateway.metrics;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.RelayAgent.LaneStatus;
import io.coagateway.relay.RelayObserver;
import io.coagateway.relay.ReplyDiscard;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts what the DHCPv6 side does. Meters are made once for each server and message type. On the
 * gateway loop only; the gauges' values are volatile and read elsewhere.
 */
final class RelayMetrics implements RelayObserver {
  private final MeterRegistry registry;
  private final Map<ReplyDiscard, Counter> discards = new EnumMap<>(ReplyDiscard.class);
  private final Map<String, Server> servers = new HashMap<>();
  private final Map<MessageType, Counter> forwarded = new HashMap<>();
  private final Map<MessageType, Counter> notForwarded = new HashMap<>();

  RelayMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (ReplyDiscard reason : ReplyDiscard.values()) {
      discards.put(reason, Metric.DISCARDED.counter(registry, "reason", Labels.of(reason)));
    }
  }

  /** The meters of one server. */
  private final class Server {
    private final String name;
    private final Map<MessageType, Messages> messages = new HashMap<>();
    private final Map<MessageType, HandedOn> handedOn = new HashMap<>();
    private final Map<NotSentReason, Counter> notSent = new EnumMap<>(NotSentReason.class);
    private final Timer exchange;
    private final Timer limiterWait;
    private final Counter fellSilent;
    private final Counter cameBack;
    private final List<Gauge> gauges = new ArrayList<>();
    private volatile int up;
    private volatile int queued;
    private volatile int outstanding;

    Server(String name) {
      this.name = name;
      exchange = Metric.EXCHANGE_TIME.timer(registry, "server", name);
      limiterWait = Metric.LIMITER_WAIT.timer(registry, "server", name);
      fellSilent = Metric.SERVER_CHANGES.counter(registry, "server", name, "to", "silent");
      cameBack = Metric.SERVER_CHANGES.counter(registry, "server", name, "to", "answering");
      for (NotSentReason reason : NotSentReason.values()) {
        notSent.put(
            reason, Metric.NOT_SENT.counter(registry, "server", name, "reason", Labels.of(reason)));
      }
      showState();
    }

    void showState() {
      if (gauges.isEmpty()) {
        up = 1;
        gauges.add(Metric.SERVER_UP.gauge(registry, this, s -> s.up, "server", name));
        gauges.add(Metric.QUEUED.gauge(registry, this, s -> s.queued, "server", name));
        gauges.add(Metric.OUTSTANDING.gauge(registry, this, s -> s.outstanding, "server", name));
      }
    }

    void hideState() {
      gauges.forEach(registry::remove);
      gauges.clear();
    }

    Messages of(MessageType type) {
      return messages.computeIfAbsent(type, t -> new Messages(name, t));
    }

    HandedOn handedOn(MessageType type) {
      return handedOn.computeIfAbsent(type, t -> new HandedOn(name, t));
    }
  }

  /** The meters of one server and type of message to it. */
  private final class Messages {
    private final Counter first;
    private final Counter again;
    private final DistributionSummary clients;
    private final Counter answers;
    private final Counter unanswered;
    private final Counter unsupported;
    private final Counter unknown;

    Messages(String server, MessageType type) {
      String message = Labels.of(type);
      first = sent(server, message, "first");
      again = sent(server, message, "again");
      clients = Metric.BATCH_SIZE.summary(registry, "server", server, "message", message);
      answers = counter(Metric.RELAY_ANSWERS, server, message);
      unanswered = counter(Metric.UNANSWERED, server, message);
      unsupported = counter(Metric.UNSUPPORTED, server, message);
      unknown = counter(Metric.UNKNOWN_IN_ANSWER, server, message);
    }

    private Counter sent(String server, String message, String transmission) {
      return Metric.SENT.counter(
          registry, "server", server, "message", message, "transmission", transmission);
    }

    private Counter counter(Metric metric, String server, String message) {
      return metric.counter(registry, "server", server, "message", message);
    }
  }

  /** The meters of one server and type of message to its clients. */
  private final class HandedOn {
    private final Counter delivered;
    private final Counter undeliverable;

    HandedOn(String server, MessageType type) {
      String message = Labels.of(type);
      delivered = Metric.DELIVERED.counter(registry, "server", server, "message", message);
      undeliverable = Metric.UNDELIVERABLE.counter(registry, "server", server, "message", message);
    }
  }

  private Server server(String name) {
    return servers.computeIfAbsent(name, Server::new);
  }

  private Messages messages(DhcpServer server, MessageType type) {
    return server(server.name()).of(type);
  }

  /**
   * Makes the meters of the configured servers, so that they show zero before the first message,
   * and takes away the gauges of others: nothing would change them any more, and an alert would
   * stay on. Counters stay, as what is under way with a removed server is still counted.
   */
  void prepare(List<DhcpServer> configured) {
    Set<String> names = new HashSet<>();
    for (DhcpServer server : configured) {
      names.add(server.name());
      prepare(server);
      server(server.name()).showState();
    }
    servers.values().stream().filter(s -> !names.contains(s.name)).forEach(Server::hideState);
  }

  /** One that is never asked to reconfigure has nothing of that to show. */
  private void prepare(DhcpServer server) {
    if (server.reconfigure() == ReconfigureMode.RFC6977) {
      Messages unused = messages(server, MessageType.RECONFIGURE_REQUEST);
      HandedOn unusedToo = server(server.name()).handedOn(MessageType.RECONFIGURE);
    }
  }

  /** Takes a look at the queues, for the gauges. */
  void sample(List<LaneStatus> lanes) {
    for (LaneStatus lane : lanes) {
      Server server = server(lane.server().name());
      server.up = lane.reachable() ? 1 : 0;
      server.queued = lane.waiting();
      server.outstanding = lane.underWay();
    }
  }

  @Override
  public void sent(
      DhcpServer server, MessageType type, int transmission, int clients, Octets datagram) {
    Messages messages = messages(server, type);
    if (transmission == 1) {
      messages.first.increment();
      messages.clients.record(clients);
    } else {
      messages.again.increment();
    }
  }

  @Override
  public void waited(DhcpServer server, long nanos) {
    server(server.name()).limiterWait.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void answered(DhcpServer server, MessageType type, long roundTripNanos, Octets datagram) {
    messages(server, type).answers.increment();
    server(server.name()).exchange.record(roundTripNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void discarded(
      ReplyDiscard reason, InetSocketAddress source, Octets datagram, String detail) {
    Counter counter = discards.get(reason);
    counter.increment();
  }

  @Override
  public void unanswered(DhcpServer server, MessageType type, int transmissions) {
    messages(server, type).unanswered.increment();
  }

  @Override
  public void unsupported(DhcpServer server, MessageType type) {
    messages(server, type).unsupported.increment();
  }

  @Override
  public void unknownInAnswer(DhcpServer server, MessageType type, String what) {
    messages(server, type).unknown.increment();
  }

  @Override
  public void notSent(DhcpServer server, NotSentReason reason) {
    Counter counter = server(server.name()).notSent.get(reason);
    counter.increment();
  }

  @Override
  public void serverReachable(DhcpServer server, boolean reachable) {
    Server one = server(server.name());
    one.up = reachable ? 1 : 0;
    (reachable ? one.cameBack : one.fellSilent).increment();
  }

  @Override
  public void serverDuidLearned(DhcpServer server, Duid duid) {
    prepare(server);
  }

  @Override
  public void delivered(DhcpServer server, MessageType type, Ipv6Address peer) {
    server(server.name()).handedOn(type).delivered.increment();
  }

  @Override
  public void undeliverable(DhcpServer server, MessageType type, RelayMessage reply) {
    server(server.name()).handedOn(type).undeliverable.increment();
  }

  @Override
  public void forwarded(MessageType type, InetSocketAddress from, InetSocketAddress to) {
    forwarded
        .computeIfAbsent(type, t -> Metric.FORWARDED.counter(registry, "message", Labels.of(t)))
        .increment();
  }

  @Override
  public void notForwarded(MessageType type, InetSocketAddress from, String reason) {
    notForwarded
        .computeIfAbsent(type, t -> Metric.NOT_FORWARDED.counter(registry, "message", Labels.of(t)))
        .increment();
  }
}
