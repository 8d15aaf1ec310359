package io.coagateway.inpath;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The options that hold for a record now: those of a change under way, which the client may come
 * for before the server has answered (RFC 6977 section 6), or else the record's own. The table's
 * threads write, the in-path loop reads.
 *
 * <p>Only changes of this process are seen; those that another gateway has under way in a shared
 * table are seen when they are acknowledged.
 */
public final class OptionsInForce implements TableObserver {
  private record Name(String nas, String id) {
    static Name of(SubscriberRecord record) {
      return new Name(record.nas(), record.id());
    }
  }

  private final Map<Name, PendingChange> underWay = new ConcurrentHashMap<>();
  private volatile boolean listening;

  /** Whether anybody will ask: remembering costs every CoA a little. */
  public void listen(boolean somebodyAsks) {
    listening = somebodyAsks;
    if (!somebodyAsks) {
      underWay.clear();
    }
  }

  @Override
  public void optionsPending(PendingChange change) {
    if (listening) {
      underWay.put(Name.of(change.base()), change);
    }
  }

  @Override
  public void optionsConfirmed(SubscriberRecord record) {
    underWay.remove(Name.of(record));
  }

  @Override
  public void optionsPutBack(SubscriberRecord record) {
    underWay.remove(Name.of(record));
  }

  @Override
  public void released(SubscriberRecord record) {
    underWay.remove(Name.of(record));
  }

  /**
   * What a relay supplies for the client of {@code record} now. A record that was written after the
   * change began has the last word: versions and marks are numbers of one sequence.
   */
  OptionList of(SubscriberRecord record) {
    Name name = Name.of(record);
    PendingChange change = underWay.get(name);
    if (change == null) {
      return record.options();
    }
    if (record.version() >= change.mark()) {
      underWay.remove(name, change);
      return record.options();
    }
    return change.next();
  }
}
