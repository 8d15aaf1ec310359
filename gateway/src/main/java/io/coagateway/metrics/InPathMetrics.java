package io.coagateway.metrics;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.inpath.InPathDrop;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.inpath.Supply;
import io.coagateway.relay.DhcpServer;
import io.coagateway.wire.Octets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Counts what passes in the path. On the in-path loop only. */
final class InPathMetrics implements InPathObserver {
  /** One meter for each. */
  private record Passage(String server, MessageType type, Supply supply) {}

  private final MeterRegistry registry;
  private final Map<Passage, Counter> forwarded = new HashMap<>();
  private final Map<String, Counter> returned = new HashMap<>();
  private final Map<InPathDrop, Counter> dropped = new EnumMap<>(InPathDrop.class);

  InPathMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (InPathDrop reason : InPathDrop.values()) {
      dropped.put(reason, Metric.IN_PATH_DROPPED.counter(registry, "reason", Labels.of(reason)));
    }
  }

  @Override
  public void forwarded(
      DhcpServer server, MessageType type, Supply supply, InetSocketAddress relay, String detail) {
    forwarded.computeIfAbsent(new Passage(server.name(), type, supply), this::meter).increment();
  }

  private Counter meter(Passage passage) {
    return Metric.IN_PATH_FORWARDED.counter(
        registry,
        "server",
        passage.server(),
        "message",
        Labels.of(passage.type()),
        "options",
        Labels.of(passage.supply()));
  }

  @Override
  public void returned(DhcpServer server, Octets relayReply, InetSocketAddress relay) {
    returned
        .computeIfAbsent(
            server.name(), name -> Metric.IN_PATH_RETURNED.counter(registry, "server", name))
        .increment();
  }

  @Override
  public void dropped(InPathDrop reason, InetSocketAddress source, String detail) {
    Counter counter = dropped.get(reason);
    counter.increment();
  }
}
