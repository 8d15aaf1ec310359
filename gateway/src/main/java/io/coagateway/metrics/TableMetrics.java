package io.coagateway.metrics;

import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.subscriber.TableUnavailableException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counts what the subscriber table does. From the table's threads; meters bear that. */
final class TableMetrics implements TableObserver {
  private final MeterRegistry registry;
  private final Counter pending;
  private final Counter confirmed;
  private final Counter putBack;
  private final Counter released;
  private final Counter elsewhere;
  private final Counter unreadable;
  private final Timer commits;
  private final DistributionSummary commitSize;
  private final Map<TableUnavailableException.Reason, Counter> unavailable =
      new EnumMap<>(TableUnavailableException.Reason.class);

  TableMetrics(MeterRegistry registry) {
    this.registry = registry;
    pending = change("pending");
    confirmed = change("confirmed");
    putBack = change("put-back");
    released = change("released");
    elsewhere = Metric.CHANGED_ELSEWHERE.counter(registry);
    unreadable = Metric.UNREADABLE.counter(registry);
    commits = Metric.COMMIT_TIME.timer(registry);
    commitSize = Metric.COMMIT_SIZE.summary(registry);
    for (TableUnavailableException.Reason reason : TableUnavailableException.Reason.values()) {
      unavailable.put(
          reason, Metric.TABLE_UNAVAILABLE.counter(registry, "reason", Labels.of(reason)));
    }
  }

  private Counter change(String what) {
    return Metric.CHANGES.counter(registry, "change", what);
  }

  /** Gauges of the table's own numbers, asked for at each scrape. */
  void watch(Supplier<TableStatus> status) {
    Metric.RECORDS.gauge(registry, status, s -> s.get().records());
    Metric.KEYS.gauge(registry, status, s -> s.get().keys());
    Metric.INDEX_COMPLETE.gauge(registry, status, s -> s.get().indexComplete() ? 1 : 0);
    Metric.TABLE_QUEUE.gauge(registry, status, s -> s.get().queued());
    Metric.TABLE_QUEUE_LIMIT.gauge(registry, status, s -> s.get().queueLimit());
    Metric.UNMERGED.gauge(registry, status, s -> s.get().unmerged());
    Metric.LOOKUPS.counter(registry, status, s -> s.get().lookups().inMemory(), "from", "memory");
    Metric.LOOKUPS.counter(
        registry, status, s -> s.get().lookups().inDatabase(), "from", "database");
    Metric.TABLE_UP.gauge(registry, status, s -> s.get().failure().isEmpty() ? 1 : 0);
  }

  @Override
  public void optionsPending(PendingChange change) {
    pending.increment();
  }

  @Override
  public void optionsConfirmed(SubscriberRecord record) {
    confirmed.increment();
  }

  @Override
  public void optionsPutBack(SubscriberRecord record) {
    putBack.increment();
  }

  @Override
  public void released(SubscriberRecord record) {
    released.increment();
  }

  @Override
  public void changedElsewhere(int records) {
    elsewhere.increment(records);
  }

  @Override
  public void committed(int requests, long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    commitSize.record(requests);
  }

  @Override
  public void unavailable(TableUnavailableException.Reason reason, int requests) {
    Counter counter = unavailable.get(reason);
    counter.increment(requests);
  }

  @Override
  public void unreadable(List<String> problems) {
    unreadable.increment(problems.size());
  }
}
