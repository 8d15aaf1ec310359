package io.coagateway.metrics;

import io.coagateway.das.DasObserver;
import io.coagateway.das.DynamicAuthorizationServer;
import io.coagateway.dynauth.RequestObserver;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.listen.AcceptObserver;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.radsec.TlsTransport;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.RelayAgent.LaneStatus;
import io.coagateway.relay.RelayObserver;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.time.Timers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * All metrics of one gateway: observers to hand to the packages that are observed, gauges to tie to
 * their numbers, and the text for Prometheus.
 */
public final class GatewayMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry = registry();
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final DasMetrics das = new DasMetrics(registry);
  private final RelayMetrics relay = new RelayMetrics(registry);
  private final RequestMetrics requests = new RequestMetrics(registry);
  private final TableMetrics table = new TableMetrics(registry);
  private final TlsMetrics tls = new TlsMetrics(registry);
  private final LeasequeryMetrics leasequery = new LeasequeryMetrics(registry);
  private final LearnMetrics learn = new LearnMetrics(registry);
  private final AccountingMetrics accounting = new AccountingMetrics(registry);
  private final InPathMetrics inPath = new InPathMetrics(registry);

  /**
   * @param version of the program, shown as a label
   */
  public GatewayMetrics(String version) {
    Metric.BUILD.gauge(registry, this, m -> 1, "version", version);
    new JvmMemoryMetrics().bindTo(registry);
    gc.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  /** Filters come before the first meter. */
  private static PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // promtool objects to their names; process_cpu_usage says what matters
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    return registry;
  }

  /** For the RFC 5176 server role. */
  public DasObserver das() {
    return das;
  }

  /** For the relay-agent role. */
  public RelayObserver relay() {
    return relay;
  }

  /** For the deciding of requests. */
  public RequestObserver requests() {
    return requests;
  }

  /** For connections to the admin port; those over TLS are {@link #tls}'s. */
  public AcceptObserver admin() {
    Counter counter = Metric.NOT_ACCEPTED.counter(registry, "listener", "admin");
    return (listener, why) -> counter.increment();
  }

  /** For connections over TLS. */
  public TlsObserver tls() {
    return tls;
  }

  /** For the relay's next hop. */
  public InPathObserver inPath() {
    return inPath;
  }

  /** For the subscriber table. */
  public TableObserver table() {
    return table;
  }

  /** For accounting. */
  public AccountingMetrics accounting() {
    return accounting;
  }

  /** For leasequery over UDP. */
  public LeasequeryMetrics leasequery() {
    return leasequery;
  }

  /** For learning. */
  public LearnMetrics learn() {
    return learn;
  }

  /**
   * Makes the meters of configured clients, so that they show zero from the start. At start and
   * after a reload, on the RADIUS loop.
   *
   * @param names of the DACs
   */
  public void prepareClients(List<String> names) {
    names.forEach(das::prepare);
  }

  /**
   * Makes the meters of configured servers and takes the gauges of those away that are no longer
   * configured. At start and after a reload, on the gateway loop.
   */
  public void prepareServers(List<DhcpServer> servers) {
    relay.prepare(servers);
  }

  /** Gauges of the table; {@code status} is asked at each scrape, on the admin loop. */
  public void watchTable(Supplier<TableStatus> status) {
    table.watch(status);
  }

  /**
   * What becomes of those who listen at {@code /events}; both are asked at each scrape.
   *
   * @param listeners how many there are
   * @param cutOff how many were cut off so far because they read too slowly
   */
  public void watchEvents(LongSupplier listeners, LongSupplier cutOff) {
    Metric.EVENT_LISTENERS.gauge(registry, listeners, LongSupplier::getAsLong);
    Metric.EVENTS_CUT_OFF.counter(registry, cutOff, LongSupplier::getAsLong);
  }

  /**
   * What became of reloads; both are asked at each scrape.
   *
   * @param successful whether the last one was taken, or there was none
   * @param since when the settings in force were taken over
   */
  public void watchReloads(BooleanSupplier successful, Supplier<Instant> since) {
    Metric.RELOAD_SUCCESSFUL.gauge(registry, successful, s -> s.getAsBoolean() ? 1 : 0);
    Metric.RELOAD_TIME.gauge(registry, since, s -> s.get().toEpochMilli() / 1000.0);
  }

  /** Gauges of the replay memory; {@code status} is asked at each scrape, on the admin loop. */
  public void watchServer(Supplier<DynamicAuthorizationServer.Status> status) {
    Metric.IN_PROGRESS.gauge(registry, status, s -> s.get().inProgress());
    Metric.REPLAY_ENTRIES.gauge(registry, status, s -> s.get().remembered());
    Metric.REPLAY_CAPACITY.gauge(registry, status, s -> s.get().capacity());
    Metric.REPLAY_REACH.gauge(registry, status, s -> s.get().reach().toMillis() / 1000.0);
    Metric.KERNEL_DROPPED.counter(registry, status, s -> s.get().kernelDropped());
    Metric.SHIELD.gauge(registry, status, s -> s.get().shielded());
  }

  /** Gauges of connections; {@code status} is asked at each scrape, on the admin loop. */
  public void watchTls(Supplier<TlsTransport.Status> status) {
    tls.watch(status);
  }

  /**
   * Starts to measure the gateway loop's delay and, once a second, to look at the relay's queues.
   * On the gateway loop.
   *
   * @param timers of the gateway loop
   * @param lanes asked on the gateway loop
   * @return stops it, on the gateway loop
   */
  public Runnable watchLoop(Timers timers, Supplier<List<LaneStatus>> lanes) {
    return watchLoop("gateway", timers, () -> relay.sample(lanes.get()));
  }

  /**
   * Starts to measure the RADIUS loop's delay. On that loop.
   *
   * @param timers of the RADIUS loop
   * @return stops it, on the RADIUS loop
   */
  public Runnable watchRadiusLoop(Timers timers) {
    return watchLoop("radius", timers, () -> {});
  }

  private Runnable watchLoop(String name, Timers timers, Runnable sample) {
    LoopMonitor monitor =
        new LoopMonitor(timers, Metric.LOOP_DELAY.timer(registry, "loop", name), sample);
    monitor.start();
    return monitor::stop;
  }

  /**
   * All metrics as text. From any thread.
   *
   * @param contentType as {@code text/plain; version=0.0.4} or {@code application/openmetrics-text}
   */
  public String scrape(String contentType) {
    return registry.scrape(contentType);
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
