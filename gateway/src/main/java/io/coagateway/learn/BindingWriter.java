package io.coagateway.learn;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.time.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Puts what is learned into the subscriber table, without waiting for it: each change is one read
 * and one write in one transaction, so that a record is never half of one change and half of
 * another, and nothing that another process writes is lost. Of one client a change is on its way at
 * a time, those that come meanwhile follow it: one that fails is never tried again behind a later
 * one.
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

  /** Whose change is on its way, and what follows it. */
  private final Map<Duid, Queue<Arrived>> writing = new HashMap<>();

  private int following; // in all of its queues
  private long arrivals;
  private boolean resting;
  private volatile int pending; // for who looks from outside

  private record Arrived(long number, BindingChange change) {
    Duid client() {
      return change.client().duid();
    }
  }

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
    if (unfinished() >= limit) {
      observer.skipped(
          SkipReason.QUEUE_FULL, limit + " changes wait for the table; " + change.client().duid());
      return;
    }
    Arrived arrived = new Arrived(++arrivals, change);
    if (resting) {
      waiting.put(arrived.number(), change);
      count();
    } else {
      writeInTurn(arrived);
    }
  }

  private int unfinished() {
    return writing.size() + following + waiting.size();
  }

  private void count() {
    pending = unfinished();
  }

  private void writeInTurn(Arrived arrived) {
    Queue<Arrived> before = writing.get(arrived.client());
    if (before == null) {
      write(arrived, new ArrayDeque<>(1));
    } else {
      before.add(arrived);
      following++;
      count();
    }
  }

  /**
   * @param behind what follows of the same client, now and until this is written
   */
  private void write(Arrived arrived, Queue<Arrived> behind) {
    AtomicReference<BindingMerge.Merged> merged = new AtomicReference<>(); // set by the writer
    writing.put(arrived.client(), behind);
    count();
    table
        .edit(
            nas,
            arrived.client(),
            there -> {
              BindingMerge.Merged now = merge.merge(there, arrived.change());
              merged.set(now);
              return now.changes();
            })
        .whenComplete(
            (RecordEdit.Changes written, Throwable failure) -> {
              try {
                if (failure == null) {
                  tell(merged.get());
                } else if (isForGood(failure)) {
                  giveUp(arrived, failure);
                } else {
                  rest(arrived, behind, failure);
                }
              } finally { // whatever an observer does
                goOn(arrived.client(), behind);
                count();
              }
            });
  }

  private void goOn(Duid client, Queue<Arrived> behind) {
    Arrived next = behind.poll();
    if (next == null) {
      writing.remove(client);
    } else {
      following--;
      write(next, behind);
    }
  }

  private void tell(BindingMerge.Merged merged) {
    merged.contradiction().ifPresent(what -> observer.skipped(SkipReason.CONTRADICTION, what));
    merged.record().ifPresent(record -> observer.took(merged.result(), record));
  }

  /** It would be refused for ever. */
  private static boolean isForGood(Throwable failure) {
    return failure instanceof TableUnavailableException e
        && e.reason() == TableUnavailableException.Reason.REFUSED;
  }

  private void giveUp(Arrived arrived, Throwable failure) {
    observer.skipped(
        SkipReason.TABLE_UNAVAILABLE,
        failure.getMessage() + "; " + arrived.client() + " is given up");
  }

  private void rest(Arrived arrived, Queue<Arrived> behind, Throwable failure) {
    waiting.put(arrived.number(), arrived.change()); // before what has come since
    following -= behind.size();
    behind.forEach(later -> waiting.put(later.number(), later.change()));
    behind.clear();
    if (!resting) {
      resting = true;
      timers.after(AGAIN.toNanos(), this::tryAgain);
    }
    observer.skipped(
        SkipReason.TABLE_UNAVAILABLE,
        failure.getMessage() + "; " + arrived.client() + " is tried again");
  }

  private void tryAgain() {
    resting = false;
    while (!waiting.isEmpty() && !resting) {
      Map.Entry<Long, BindingChange> oldest = waiting.pollFirstEntry();
      writeInTurn(new Arrived(oldest.getKey(), oldest.getValue()));
    }
  }

  /** How many changes are on their way to the table or wait for it. From any thread. */
  public int pending() {
    return pending;
  }
}
