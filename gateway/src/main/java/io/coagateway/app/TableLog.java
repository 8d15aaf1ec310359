package io.coagateway.app;

import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableUnavailableException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator has to know of the table: loaded, not available, records that cannot be read.
 */
public final class TableLog implements TableObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.table");

  @Override
  public void loaded(int records, long nanos) {
    LOG.info("table-loaded records={} ms={}", records, nanos / 1_000_000);
  }

  @Override
  public void unavailable(TableUnavailableException.Reason reason, int requests) {
    LOG.warn("table-unavailable reason={} requests={}", reason, requests);
  }

  @Override
  public void troubled(String message) {
    LOG.warn("database-away {}", message);
  }

  @Override
  public void recovered() {
    LOG.info("database-back");
  }

  @Override
  public void left(List<PendingChange> changes) {
    LOG.info("changes-taken-over changes={}", changes.size());
  }

  @Override
  public void unreadable(List<String> problems) {
    problems.forEach(problem -> LOG.warn("record-unreadable {}", problem));
  }
}
