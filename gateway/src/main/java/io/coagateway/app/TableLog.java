package io.coagateway.app;

import io.coagateway.ratelimit.LogLimit;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Label;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator has to know of the table: loaded, not available, records that cannot be read.
 * Several threads tell it.
 */
final class TableLog implements TableObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.table");
  private static final int LINES_PER_SECOND = 5; // for each reason: the log may be on the full disk

  private static final int DEFECTS = 64; // more kinds than a process has

  private final Map<TableUnavailableException.Reason, LogLimit> unavailable =
      new EnumMap<>(TableUnavailableException.Reason.class); // guarded by this

  private final Set<List<StackTraceElement>> defects = new HashSet<>(); // guarded by this

  TableLog(LongSupplier nanos) {
    for (TableUnavailableException.Reason reason : TableUnavailableException.Reason.values()) {
      unavailable.put(reason, new LogLimit(LINES_PER_SECOND, nanos));
    }
  }

  @Override
  public void loaded(int records, long nanos) {
    LOG.info("table-loaded records={} ms={}", records, nanos / 1_000_000);
  }

  @Override
  public void fileRead(long lines, int written, int removed, int bad) {
    LOG.info("table-file-read lines={} written={} removed={} bad={}", lines, written, removed, bad);
  }

  @Override
  public synchronized void unavailable(TableUnavailableException.Reason reason, int requests) {
    unavailable
        .get(reason)
        .line(
            more ->
                LOG.warn(
                    "table-unavailable reason={} requests={}{}", Label.of(reason), requests, more));
  }

  /** With its stack, and once for each stack: what fails at every look would fill the disk. */
  @Override
  public synchronized void defect(Throwable defect) {
    if (defects.size() < DEFECTS && defects.add(List.of(defect.getStackTrace()))) {
      LOG.error("table-defect", defect);
    }
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
