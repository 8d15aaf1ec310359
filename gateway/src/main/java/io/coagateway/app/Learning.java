package io.coagateway.app;

import io.coagateway.admin.Health;
import io.coagateway.capture.CaptureProcess;
import io.coagateway.capture.CapturedFrame;
import io.coagateway.capture.FrameSkip;
import io.coagateway.config.GatewayConfig;
import io.coagateway.config.LearnSettings;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dynauth.Returns;
import io.coagateway.learn.BindingChange;
import io.coagateway.learn.BindingLearner;
import io.coagateway.learn.BindingWriter;
import io.coagateway.learn.CaptureFeed;
import io.coagateway.learn.ExpirySweep;
import io.coagateway.learn.LearnObserver;
import io.coagateway.learn.LearnParameters;
import io.coagateway.learn.RelayedClient;
import io.coagateway.learn.SkipReason;
import io.coagateway.metrics.LearnMetrics;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Learning while the gateway runs: a capture that it starts by itself, if it shall; what passes in
 * the path; leases whose time is over in any case. Frames are read and understood on the capture's
 * own thread; only what was learned comes to the gateway loop, which hands it to the table.
 */
final class Learning implements AutoCloseable {
  private static final int MOST_PENDING = 16_384;

  private final LearnMetrics metrics;
  private final LearnLog log;
  private final BoundedTasks loop;
  private final Consumer<SubscriberRecord> known;
  private final Returns returns;
  private final BindingWriter writer;
  private final ExpirySweep sweep;
  private final Optional<CaptureProcess> capture;
  private final LearnObserver observer = new Both();

  /**
   * @param loop runs tasks on the gateway loop
   * @param timers of the gateway loop
   * @param known told of each record that something was learned of
   * @param returns told of clients that fetched their configuration
   */
  Learning(
      GatewayConfig config,
      SubscriberTable table,
      Executor loop,
      Timers timers,
      LearnMetrics metrics,
      Consumer<SubscriberRecord> known,
      Returns returns) {
    this.returns = returns;
    this.metrics = metrics;
    this.known = known;
    this.log = new LearnLog(timers::nanos);
    this.loop = new BoundedTasks(loop, MOST_PENDING);
    this.writer = new BindingWriter(table, config.nas().name(), MOST_PENDING, timers, observer);
    this.sweep = new ExpirySweep(table, timers, InstantSource.system(), observer);
    LearnSettings settings = config.learn();
    this.capture =
        settings.capture().isEmpty()
            ? Optional.empty()
            : Optional.of(new CaptureProcess(settings.capture(), feed(settings)));
    metrics.watch(
        writer::pending,
        () -> capture.filter(running -> running.trouble().isEmpty()).isPresent() ? 1 : 0);
  }

  private CaptureProcess.Listener feed(LearnSettings settings) {
    BindingLearner learner =
        new BindingLearner(LearnParameters.DEFAULT, settings::isServer, this::learned, observer);
    CaptureFeed feed = new CaptureFeed(this::skipped, learner);
    return new CaptureProcess.Listener() {
      @Override
      public void frame(CapturedFrame frame) {
        metrics.frame();
        feed.frame(frame);
      }

      @Override
      public void started() {
        metrics.captureStarted();
        log.captureStarted();
      }

      @Override
      public void ended(String why, Duration pause) {
        log.captureEnded(why, pause);
      }
    };
  }

  private void skipped(FrameSkip reason, String detail) {
    metrics.skipped(reason, detail);
    log.skipped(reason, detail);
  }

  /** Learns from what passes in the path, where only configured servers are listened to. */
  BindingLearner fromPath() {
    return new BindingLearner(LearnParameters.DEFAULT, server -> true, this::learned, observer);
  }

  /** What was learned, from any thread. */
  private void learned(BindingChange change) {
    if (!loop.offer(() -> writer.accept(change))) {
      tooBusy(change.client().duid());
    }
  }

  /** The client's next message tells it again. */
  private void tooBusy(Duid client) {
    observer.skipped(
        SkipReason.QUEUE_FULL, MOST_PENDING + " changes wait for the gateway loop; " + client);
  }

  /** Starts. On the gateway loop. */
  void start() {
    sweep.start();
    capture.ifPresent(CaptureProcess::start);
  }

  /** What is wrong with the capture, for {@code /health}: nothing that hinders a request. */
  Optional<Health.Reason> trouble() {
    return capture
        .flatMap(CaptureProcess::trouble)
        .map(
            why ->
                new Health.Reason(
                    "learn.capture",
                    why,
                    "Does the program run as this user (CAP_NET_RAW), and is its command right? What"
                        + " it would have shown is not learned; the clients' next Renews tell it"
                        + " again."));
  }

  @Override
  public void close() {
    capture.ifPresent(CaptureProcess::close);
  }

  /** Metrics and log. */
  private final class Both implements LearnObserver {
    @Override
    public void seen() {
      metrics.seen();
    }

    @Override
    public void skipped(SkipReason reason, String detail) {
      metrics.skipped(reason, detail);
      log.skipped(reason, detail);
    }

    @Override
    public void took(Result result, SubscriberRecord record) {
      metrics.took(result, record);
      log.took(result, record);
      if (result == Result.LEARNED || result == Result.UPDATED) {
        known.accept(record);
      }
    }

    @Override
    public void cameBack(RelayedClient client, OptionList reply, Instant seen) {
      Runnable tell =
          () -> returns.cameBack(client.duid(), client.linkAddress(), client.interfaceId(), reply);
      if (!loop.offer(tell)) {
        tooBusy(client.duid());
      }
    }

    @Override
    public void clockLeapt(Duration by) {
      log.clockLeapt(by);
    }

    @Override
    public void expired(SubscriberRecord record) {
      metrics.expired(record);
      log.expired(record);
    }
  }
}
