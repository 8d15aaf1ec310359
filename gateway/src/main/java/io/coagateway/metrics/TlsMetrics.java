package io.coagateway.metrics;

import io.coagateway.radsec.CloseReason;
import io.coagateway.radsec.ConnectionInfo;
import io.coagateway.radsec.ConnectionInfo.Direction;
import io.coagateway.radsec.RefusalReason;
import io.coagateway.radsec.ReverseStatus;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.radsec.TlsTransport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** Counts connections over TLS; their packets are counted with all others. On the RADIUS loop. */
final class TlsMetrics implements TlsObserver {
  private final MeterRegistry registry;
  private final Map<Direction, Counter> opened = new EnumMap<>(Direction.class);
  private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);
  private final Map<RefusalReason, Counter> refused = new EnumMap<>(RefusalReason.class);
  private final Counter failures;
  private final Counter notAccepted;

  TlsMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Direction direction : Direction.values()) {
      opened.put(direction, Metric.TLS_OPENED.counter(registry, "direction", Labels.of(direction)));
    }
    for (CloseReason reason : CloseReason.values()) {
      closed.put(reason, Metric.TLS_CLOSED.counter(registry, "reason", Labels.of(reason)));
    }
    for (RefusalReason reason : RefusalReason.values()) {
      refused.put(reason, Metric.TLS_REFUSED.counter(registry, "reason", Labels.of(reason)));
    }
    failures = Metric.TLS_CONNECT_FAILURES.counter(registry);
    notAccepted = Metric.NOT_ACCEPTED.counter(registry, "listener", "tls");
  }

  void watch(Supplier<TlsTransport.Status> status) {
    for (Direction direction : Direction.values()) {
      Metric.TLS_CONNECTIONS.gauge(
          registry,
          status,
          s ->
              s.get().connections().stream()
                  .filter(open -> open.connection().direction() == direction)
                  .count(),
          "direction",
          Labels.of(direction));
    }
    Metric.TLS_REVERSE_WANTED.gauge(registry, status, s -> s.get().reverse().size());
    Metric.TLS_REVERSE_ANSWERING.gauge(
        registry,
        status,
        s ->
            s.get().reverse().stream()
                .filter(wanted -> wanted.state() == ReverseStatus.State.ANSWERING)
                .count());
    Metric.TLS_CERTIFICATE.gauge(
        registry,
        status,
        s -> s.get().certificateEnds().map(end -> (double) end.getEpochSecond()).orElse(0.0));
  }

  @Override
  public void connected(ConnectionInfo connection) {
    opened.get(connection.direction()).increment();
  }

  @Override
  public void closed(ConnectionInfo connection, CloseReason reason, String detail) {
    closed.get(reason).increment();
  }

  @Override
  public void refused(RefusalReason reason, InetSocketAddress source, String detail) {
    refused.get(reason).increment();
  }

  @Override
  public void notConnected(String client, InetSocketAddress server, String detail, Duration retry) {
    failures.increment();
  }

  @Override
  public void notAccepted(SocketAddress listener, String why) {
    notAccepted.increment();
  }
}
