package io.coagateway.metrics;

import io.coagateway.leasequery.LeaseAnswer;
import io.coagateway.leasequery.LeaseQuery;
import io.coagateway.leasequery.LeasequeryObserver;
import io.coagateway.relay.DhcpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** Counts what is asked by leasequery over UDP. On the gateway loop; the meters bear scrapes. */
public final class LeasequeryMetrics implements LeasequeryObserver {
  private final MeterRegistry registry;
  private final Counter remembered;
  private final Map<LeaseAnswer.Kind, Counter> questions = new EnumMap<>(LeaseAnswer.Kind.class);
  private final Map<Discard, Counter> discarded = new EnumMap<>(Discard.class);

  LeasequeryMetrics(MeterRegistry registry) {
    this.registry = registry;
    remembered = Metric.LEASEQUERY_QUESTIONS.counter(registry, "outcome", "remembered");
    for (LeaseAnswer.Kind kind : LeaseAnswer.Kind.values()) {
      questions.put(
          kind, Metric.LEASEQUERY_QUESTIONS.counter(registry, "outcome", Labels.of(kind)));
    }
    for (Discard reason : Discard.values()) {
      discarded.put(
          reason, Metric.LEASEQUERY_DISCARDED.counter(registry, "reason", Labels.of(reason)));
    }
  }

  /** A gauge, asked for at each scrape: questions that are open. */
  public void watch(IntSupplier outstanding) {
    Metric.LEASEQUERY_OUTSTANDING.gauge(registry, outstanding, IntSupplier::getAsInt);
  }

  @Override
  public void sent(DhcpServer server, int transmission) {
    sent(server, transmission == 1 ? "first" : "again");
  }

  @Override
  public void held(DhcpServer server) {
    sent(server, "held");
  }

  private void sent(DhcpServer server, String transmission) {
    Metric.LEASEQUERY_SENT
        .counter(registry, "server", server.name(), "transmission", transmission)
        .increment();
  }

  @Override
  public void discarded(Discard reason, String detail) {
    discarded.get(reason).increment();
  }

  @Override
  public void ended(LeaseQuery query, LeaseAnswer answer) {
    questions.get(answer.kind()).increment();
  }

  @Override
  public void remembered(LeaseQuery query) {
    remembered.increment();
  }
}
