package io.coagateway.metrics;

import io.coagateway.dynauth.RequestObserver;
import io.coagateway.dynauth.RequestReport;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Counts what becomes of requests. On the gateway loop only. */
final class RequestMetrics implements RequestObserver {
  /** Attribute numbers come from outside: beyond so many they share one label. */
  private static final int MAX_ATTRIBUTE_LABELS = 100;

  private final MeterRegistry registry;
  private final Map<Kind, Counter> sessions = new EnumMap<>(Kind.class);
  private final Map<AttributeId, Counter> ignored = new HashMap<>();
  private final Map<String, Counter> notes = new HashMap<>();
  private final Counter ignoredOthers;
  private final Counter joined;

  RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Kind kind : Kind.values()) {
      sessions.put(kind, Metric.SESSIONS_CHANGED.counter(registry, "type", Labels.of(kind)));
    }
    ignoredOthers = Metric.ATTRIBUTES_IGNORED.counter(registry, "attribute", "other");
    joined = Metric.REQUESTS_JOINED.counter(registry);
  }

  @Override
  public void finished(RequestReport report) {
    if (report.result() == RequestReport.Result.ACK && !report.joined()) {
      Counter counter = sessions.get(report.request().kind());
      counter.increment(report.subscribers().size());
    }
  }

  @Override
  public void ignored(DynamicAuthorizationRequest request, AttributeId attribute) {
    Counter counter = ignored.get(attribute);
    if (counter == null) {
      counter =
          ignored.size() < MAX_ATTRIBUTE_LABELS
              ? Metric.ATTRIBUTES_IGNORED.counter(registry, "attribute", attribute.toString())
              : ignoredOthers;
      if (ignored.size() < MAX_ATTRIBUTE_LABELS) {
        ignored.put(attribute, counter);
      }
    }
    counter.increment();
  }

  @Override
  public void joined(DynamicAuthorizationRequest request) {
    joined.increment();
  }

  @Override
  public void noted(String event, String words) {
    notes.computeIfAbsent(event, e -> Metric.NOTED.counter(registry, "event", e)).increment();
  }
}
