package io.coagateway.app;

import io.coagateway.accounting.AccountingObserver;
import io.coagateway.accounting.AccountingParameters;
import io.coagateway.accounting.AccountingServer;
import io.coagateway.accounting.SessionJoiner;
import io.coagateway.config.GatewayConfig;
import io.coagateway.metrics.AccountingMetrics;
import io.coagateway.radius.Attribute;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The accounting listener with what it joins sessions by. */
final class Accounting implements AutoCloseable {
  private final SessionJoiner joiner;
  private final AccountingServer server;

  /**
   * @param unjoined told of sessions whose client no record has
   * @throws IOException when an address cannot be listened on, naming it
   */
  Accounting(
      GatewayConfig config,
      SubscriberTable table,
      EventLoop loop,
      Timers timers,
      AccountingMetrics metrics,
      Consumer<List<Attribute>> unjoined)
      throws IOException {
    AccountingParameters parameters = config.accounting();
    AccountingObserver observer = new Both(metrics, new AccountingLog(timers::nanos), unjoined);
    joiner =
        new SessionJoiner(parameters, table, config.requests().identification(), timers, observer);
    metrics.watch(joiner::waiting);
    server = new AccountingServer(loop, parameters, config.attributes(), joiner, observer);
  }

  /** Something was learned of this record's client. On the loop. */
  void recordAppeared(SubscriberRecord record) {
    joiner.recordAppeared(record);
  }

  @Override
  public void close() {
    server.close();
  }

  private record Both(
      AccountingObserver first, AccountingObserver second, Consumer<List<Attribute>> unjoinedToo)
      implements AccountingObserver {
    @Override
    public void unjoined(List<Attribute> session) {
      unjoinedToo.accept(session);
    }

    @Override
    public void dropped(Drop why, InetSocketAddress source) {
      first.dropped(why, source);
      second.dropped(why, source);
    }

    @Override
    public void defect(Throwable defect) {
      first.defect(defect);
      second.defect(defect);
    }

    @Override
    public void done(Result result) {
      first.done(result);
      second.done(result);
    }

    @Override
    public void joined(Optional<JoinRule> rule, String recordId, String session) {
      first.joined(rule, recordId, session);
      second.joined(rule, recordId, session);
    }

    @Override
    public void ambiguous(JoinRule rule, String session) {
      first.ambiguous(rule, session);
      second.ambiguous(rule, session);
    }
  }
}
