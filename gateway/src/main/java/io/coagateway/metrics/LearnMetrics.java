package io.coagateway.metrics;

import io.coagateway.capture.FrameObserver;
import io.coagateway.capture.FrameSkip;
import io.coagateway.learn.LearnObserver;
import io.coagateway.learn.SkipReason;
import io.coagateway.subscriber.SubscriberRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** Counts what is learned from messages between relay and server. Meters bear any thread. */
public final class LearnMetrics implements LearnObserver, FrameObserver {
  private final MeterRegistry registry;
  private final Counter messages;
  private final Counter expired;
  private final Counter frames;
  private final Counter starts;
  private final Map<SkipReason, Counter> skipped = new EnumMap<>(SkipReason.class);
  private final Map<FrameSkip, Counter> framesSkipped = new EnumMap<>(FrameSkip.class);
  private final Map<Result, Counter> results = new EnumMap<>(Result.class);

  LearnMetrics(MeterRegistry registry) {
    this.registry = registry;
    messages = Metric.LEARN_MESSAGES.counter(registry);
    expired = Metric.LEARN_EXPIRED.counter(registry);
    frames = Metric.CAPTURE_FRAMES.counter(registry);
    starts = Metric.CAPTURE_STARTS.counter(registry);
    for (SkipReason reason : SkipReason.values()) {
      skipped.put(reason, Metric.LEARN_SKIPPED.counter(registry, "reason", Labels.of(reason)));
    }
    for (FrameSkip reason : FrameSkip.values()) {
      framesSkipped.put(
          reason, Metric.CAPTURE_SKIPPED.counter(registry, "reason", Labels.of(reason)));
    }
    for (Result result : Result.values()) {
      results.put(result, Metric.LEARN_RECORDS.counter(registry, "result", Labels.of(result)));
    }
  }

  /** Gauges, asked for at each scrape: changes that wait for the table, and 1 while capturing. */
  public void watch(IntSupplier pending, IntSupplier capturing) {
    Metric.LEARN_PENDING.gauge(registry, pending, IntSupplier::getAsInt);
    Metric.CAPTURE_UP.gauge(registry, capturing, IntSupplier::getAsInt);
  }

  /** A frame was captured. */
  public void frame() {
    frames.increment();
  }

  /** The capture has begun. */
  public void captureStarted() {
    starts.increment();
  }

  @Override
  public void seen() {
    messages.increment();
  }

  @Override
  public void skipped(SkipReason reason, String detail) {
    skipped.get(reason).increment();
  }

  @Override
  public void skipped(FrameSkip reason, String detail) {
    framesSkipped.get(reason).increment();
  }

  @Override
  public void took(Result result, SubscriberRecord record) {
    results.get(result).increment();
  }

  @Override
  public void expired(SubscriberRecord record) {
    expired.increment();
  }
}
