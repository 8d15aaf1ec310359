package io.coagateway.learn;

import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.time.Timers;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Puts what is learned into the subscriber table, without waiting for it: each change is one read
 * and one write in one transaction, so that a record is never half of one change and half of
 * another, and nothing that another process writes is lost.
 *
 * <p>While the table cannot be written, changes wait in their order and are tried again every
 * second; when too many wait, the newest are dropped and counted: the client's next Renew tells the
 * same again.
 *
 * <p>For the thread of its {@link Timers}, where the table's stages must complete too.
 */
public final class BindingWriter implements Consumer<BindingChange> {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final SubscriberTable table;
  private final String nas;
  private final int limit;
  private final Timers timers;
  private final LearnObserver observer;
  private final BindingMerge merge;
  private final NavigableMap<Long, BindingChange> waiting = new TreeMap<>(); // by arrival
  private long arrivals;
  private int writing;
  private boolean resting;
  private volatile int pending; // for who looks from outside

  /**
   * @param table where to
   * @param nas of the records; empty where there is no name
   * @param limit how many changes may be on their way or wait, at least 1
   * @param timers the clock and thread
   * @param observer told what became of each change
   */
  public BindingWriter(
      SubscriberTable table, String nas, int limit, Timers timers, LearnObserver observer) {
    this.table = table;
    this.nas = nas;
    this.limit = limit;
    this.timers = timers;
    this.observer = observer;
    this.merge = new BindingMerge(nas);
  }

  @Override
  public void accept(BindingChange change) {
    if (writing + waiting.size() >= limit) {
      observer.skipped(
          SkipReason.QUEUE_FULL, limit + " changes wait for the table; " + change.client().duid());
    } else if (resting) {
      waiting.put(++arrivals, change);
      count();
    } else {
      write(++arrivals, change);
    }
  }

  private void count() {
    pending = writing + waiting.size();
  }

  private void write(long arrival, BindingChange change) {
    AtomicReference<BindingMerge.Merged> merged = new AtomicReference<>(); // set by the writer
    writing++;
    count();
    table
        .edit(
            nas,
            change.client().duid(),
            there -> {
              BindingMerge.Merged now = merge.merge(there, change);
              merged.set(now);
              return now.changes();
            })
        .whenComplete(
            (RecordEdit.Changes written, Throwable failure) -> {
              writing--;
              if (failure == null) {
                tell(merged.get());
              } else {
                rest(arrival, change, failure);
              }
              count();
            });
  }

  private void tell(BindingMerge.Merged merged) {
    merged.contradiction().ifPresent(what -> observer.skipped(SkipReason.CONTRADICTION, what));
    merged.record().ifPresent(record -> observer.took(merged.result(), record));
  }

  private void rest(long arrival, BindingChange change, Throwable failure) {
    if (failure instanceof TableUnavailableException e
        && e.reason() == TableUnavailableException.Reason.REFUSED) {
      observer.skipped(
          SkipReason.TABLE_UNAVAILABLE,
          failure.getMessage() + "; " + change.client().duid() + " is given up");
      return; // it would be refused for ever
    }
    observer.skipped(
        SkipReason.TABLE_UNAVAILABLE,
        failure.getMessage() + "; " + change.client().duid() + " is tried again");
    waiting.put(arrival, change); // before what has come since
    if (!resting) {
      resting = true;
      timers.after(AGAIN.toNanos(), this::tryAgain);
    }
  }

  private void tryAgain() {
    resting = false;
    while (!waiting.isEmpty() && !resting) {
      Map.Entry<Long, BindingChange> oldest = waiting.pollFirstEntry();
      write(oldest.getKey(), oldest.getValue());
    }
  }

  /** How many changes are on their way to the table or wait for it. From any thread. */
  public int pending() {
    return pending;
  }
}
