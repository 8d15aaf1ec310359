package io.coagateway.metrics;

import io.coagateway.accounting.AccountingObserver;
import io.coagateway.subscriber.JoinRule;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Counts accounting. On the gateway loop; the meters bear scrapes. */
public final class AccountingMetrics implements AccountingObserver {
  private final MeterRegistry registry;
  private final Map<Result, Counter> results = new EnumMap<>(Result.class);
  private final Map<Drop, Counter> drops = new EnumMap<>(Drop.class);
  private final Map<JoinRule, Counter> joins = new EnumMap<>(JoinRule.class);
  private final Map<JoinRule, Counter> ambiguous = new EnumMap<>(JoinRule.class);

  AccountingMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Result result : Result.values()) {
      results.put(result, Metric.ACCT_REQUESTS.counter(registry, "result", Labels.of(result)));
    }
    for (Drop drop : Drop.values()) {
      drops.put(drop, Metric.ACCT_DROPPED.counter(registry, "reason", Labels.of(drop)));
    }
    for (JoinRule rule : JoinRule.values()) {
      joins.put(rule, Metric.ACCT_JOINED.counter(registry, "rule", rule.label()));
      ambiguous.put(rule, Metric.ACCT_AMBIGUOUS.counter(registry, "rule", rule.label()));
    }
  }

  /** A gauge, asked for at each scrape: sessions that wait for their client. */
  public void watch(IntSupplier unjoined) {
    Metric.ACCT_UNJOINED.gauge(registry, unjoined, IntSupplier::getAsInt);
  }

  @Override
  public void dropped(Drop why, InetSocketAddress source) {
    drops.get(why).increment();
  }

  @Override
  public void done(Result result) {
    results.get(result).increment();
  }

  @Override
  public void joined(Optional<JoinRule> rule, String recordId, String session) {
    rule.ifPresent(by -> joins.get(by).increment());
  }

  @Override
  public void ambiguous(JoinRule rule, String session) {
    ambiguous.get(rule).increment();
  }
}
