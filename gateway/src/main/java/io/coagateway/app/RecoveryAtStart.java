package io.coagateway.app;

import io.coagateway.config.LeasequerySettings;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.leasequery.LeaseQuery;
import io.coagateway.leasequery.QueryOutcome;
import io.coagateway.leasequery.Recovery;
import io.coagateway.leasequery.RecoveryParameters;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Label;
import java.security.SecureRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the servers for their leases when the table turns out to be empty at start. On a thread of
 * its own, behind the gateway, which answers meanwhile.
 */
final class RecoveryAtStart implements Recovery.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.leasequery");
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final LeasequerySettings settings;
  private final SubscriberTable table;
  private final CountDownLatch closing = new CountDownLatch(1);

  RecoveryAtStart(LeasequerySettings settings, SubscriberTable table) {
    this.settings = settings;
    this.table = table;
  }

  /** Starts, unless it is switched off. */
  void start() {
    if (settings.atStart()) {
      Thread recovering = new Thread(this::recover, "recovery");
      recovering.setDaemon(true);
      recovering.start();
    }
  }

  private void recover() {
    try {
      if (isEmptyOnceLoaded()) {
        LOG.info("recovery-started servers={}", settings.recovery().servers().size());
        Recovery.Report report =
            new Recovery(settings.recovery(), this::await, this, new SecureRandom()).run();
        LOG.info(
            "recovery-ended clients={} records={} incomplete={}",
            report.clients(),
            report.written(),
            report.incomplete());
      }
    } catch (TableUnavailableException e) {
      LOG.warn("recovery-failed reason={} detail=\"{}\"", Label.of(e.reason()), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isEmptyOnceLoaded() throws InterruptedException {
    while (!closing.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
      TableStatus status = table.status();
      if (status.indexComplete()) {
        return status.records() == 0;
      }
    }
    return false;
  }

  private RecordEdit.Changes await(String nas, Duid duid, RecordEdit edit)
      throws TableUnavailableException {
    try {
      return table.edit(nas, duid, edit).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TableUnavailableException unavailable) {
        throw unavailable;
      }
      throw e;
    }
  }

  @Override
  public void asked(RecoveryParameters.Server server, LeaseQuery query, QueryOutcome outcome) {
    LOG.info(
        "recovery-asked server={} query=\"{}\" outcome={} status={} clients={} detail=\"{}\"",
        server.name(),
        query.words(),
        Label.of(outcome.kind()),
        outcome.status().map(Object::toString).orElse("-"),
        outcome.clients(),
        Quoted.text(outcome.detail()));
  }

  /** It does not begin any more; what is under way ends with the table. */
  @Override
  public void close() {
    closing.countDown();
  }
}
