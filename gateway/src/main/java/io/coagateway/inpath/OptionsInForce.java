package io.coagateway.inpath;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableObserver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The options that hold for a record now: the record's own, and while a change is under way those
 * that the change alters, which the client may come for before the server has answered (RFC 6977
 * section 6). The table's threads write, the in-path loop reads.
 *
 * <p>A record is written for many reasons while a change is under way, a new lease end or an
 * accounting session among them. So its version does not say that the change is over; only {@link
 * #changeEnded} does.
 *
 * <p>Only changes of this process are seen; those that another gateway has under way in a shared
 * table are seen when they are acknowledged.
 */
public final class OptionsInForce implements TableObserver {
  /** Confirmations that are remembered: more than there are while a message waits for the table. */
  static final int MAX_CONFIRMED = 4096;

  /** What a change has left. */
  private record Confirmed(long version, OptionList options) {}

  /** The last ones, for a message whose record was read just before the confirmation. */
  private static final class LastConfirmed extends LinkedHashMap<RecordKey, Confirmed> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<RecordKey, Confirmed> eldest) {
      return size() > MAX_CONFIRMED;
    }
  }

  private final Map<RecordKey, PendingChange> underWay = new ConcurrentHashMap<>();
  private final Map<RecordKey, Confirmed> confirmed = new LastConfirmed(); // its own lock
  private volatile boolean listening;

  /** Whether anybody will ask: remembering costs every CoA a little. */
  public void listen(boolean somebodyAsks) {
    listening = somebodyAsks;
    if (!somebodyAsks) {
      underWay.clear();
      synchronized (confirmed) {
        confirmed.clear();
      }
    }
  }

  @Override
  public void optionsPending(PendingChange change) {
    if (listening) {
      underWay.put(RecordKey.of(change.base()), change);
    }
  }

  @Override
  public void optionsConfirmed(SubscriberRecord record) {
    if (listening) {
      RecordKey name = RecordKey.of(record);
      synchronized (confirmed) {
        confirmed.remove(name); // so that it is the newest
        confirmed.put(name, new Confirmed(record.version(), record.options()));
      }
    }
  }

  @Override
  public void changeEnded(PendingChange change) {
    underWay.computeIfPresent(
        RecordKey.of(change.base()), (name, now) -> now.mark() == change.mark() ? null : now);
  }

  @Override
  public void released(SubscriberRecord record) {
    underWay.remove(RecordKey.of(record));
  }

  /** What a relay supplies for the client of {@code record} now. */
  OptionList of(SubscriberRecord record) {
    RecordKey name = RecordKey.of(record);
    PendingChange change = underWay.get(name); // first: it ends after it is among the confirmed
    OptionList options = newest(name, record);
    boolean isItsOwn = change != null && change.base().duid().equals(record.duid());
    return isItsOwn ? change.appliedTo(options) : options; // else another client is there now
  }

  /** Versions are numbers of one sequence: what is written later has the higher one. */
  private OptionList newest(RecordKey name, SubscriberRecord record) {
    Confirmed last;
    synchronized (confirmed) {
      last = confirmed.get(name);
    }
    return last != null && last.version() > record.version() ? last.options() : record.options();
  }
}
