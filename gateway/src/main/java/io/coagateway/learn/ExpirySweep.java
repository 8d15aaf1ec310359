package io.coagateway.learn;

import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Takes leases out of the table when their time is over, a part of the table every second. Leases
 * without a known end stay. For the thread of its {@link Timers}, where the table's stages must
 * complete too.
 */
public final class ExpirySweep {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int MOST_AT_ONCE = 500;

  /** So long a lease is kept beyond its end: clocks differ, and a Renew may just be under way. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final SubscriberTable table;
  private final Timers timers;
  private final LeaseClock clock;
  private final LearnObserver observer;
  private int writing;

  /**
   * @param table where leases are taken out
   * @param timers the pace, and the thread
   * @param clock says what is over; when it leaps forward nothing is (see {@link LeaseClock})
   * @param observer told of each record
   */
  public ExpirySweep(
      SubscriberTable table, Timers timers, InstantSource clock, LearnObserver observer) {
    this.table = table;
    this.timers = timers;
    this.clock = new LeaseClock(clock, timers, observer::clockLeapt);
    this.observer = observer;
  }

  /** Starts; there is no end but that of the timers. */
  public void start() {
    timers.after(INTERVAL.toNanos(), this::look);
  }

  private void look() {
    start();
    Instant now = clock.now().minus(GRACE);
    if (writing > 0) {
      return; // the database is slow: the next time
    }
    table
        .expired(now, MOST_AT_ONCE)
        .whenComplete(
            (List<SubscriberRecord> found, Throwable failure) -> {
              if (failure == null) {
                found.forEach(record -> expire(record, now));
              }
            });
  }

  private void expire(SubscriberRecord record, Instant now) {
    writing++;
    table
        .edit(
            record.nas(),
            record.duid(),
            RecordEdit.of(RecordKey.of(record), there -> BindingMerge.expire(there, now)))
        .whenComplete(
            (RecordEdit.Changes written, Throwable failure) -> {
              writing--;
              if (failure == null) {
                written.put().forEach(observer::expired);
                written.removed().forEach(observer::expired);
              }
            });
  }
}
