package io.coagateway.learn;

import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.TableTransfer;
import io.coagateway.subscriber.TableUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Puts what is learned into the table at once, for a command: each change is one transaction beside
 * a gateway that may be running.
 *
 * <p>A capture may be old: a lease that is over by now counts as gone.
 */
public final class TransferWriter implements Consumer<BindingChange> {
  private final TableTransfer table;
  private final String nas;
  private final InstantSource clock;
  private final boolean keepExpired;
  private final LearnObserver observer;
  private final BindingMerge merge;
  private Optional<String> failure = Optional.empty();

  /**
   * @param table where to
   * @param nas of the records; empty where there is no name
   * @param clock says which leases are over
   * @param keepExpired takes leases that are over too, without an end
   * @param observer told what became of each change
   */
  public TransferWriter(
      TableTransfer table,
      String nas,
      InstantSource clock,
      boolean keepExpired,
      LearnObserver observer) {
    this.table = table;
    this.nas = nas;
    this.clock = clock;
    this.keepExpired = keepExpired;
    this.observer = observer;
    this.merge = new BindingMerge(nas);
  }

  @Override
  public void accept(BindingChange seen) {
    BindingChange change = asOfNow(seen);
    AtomicReference<BindingMerge.Merged> merged = new AtomicReference<>();
    try {
      table.edit(
          nas,
          change.client().duid(),
          there -> {
            merged.set(merge.merge(there, change));
            return merged.get().changes();
          });
      merged
          .get()
          .contradiction()
          .ifPresent(what -> observer.skipped(SkipReason.CONTRADICTION, what));
      merged.get().record().ifPresent(record -> observer.took(merged.get().result(), record));
    } catch (TableUnavailableException e) {
      failure = Optional.of(e.getMessage());
      observer.skipped(SkipReason.TABLE_UNAVAILABLE, e.getMessage());
    }
  }

  private BindingChange asOfNow(BindingChange change) {
    Instant now = clock.instant();
    List<LeaseChange> leases = new ArrayList<>(change.leases().size());
    for (LeaseChange lease : change.leases()) {
      if (lease instanceof LeaseChange.Granted granted && !granted.validUntil().isAfter(now)) {
        leases.add(over(granted));
      } else {
        leases.add(lease);
      }
    }
    return new BindingChange(change.client(), change.server(), change.reconfigureAccept(), leases);
  }

  private LeaseChange over(LeaseChange.Granted granted) {
    if (keepExpired) {
      return new LeaseChange.Granted(
          granted.type(), granted.iaid(), granted.lease(), IdentityAssociation.FOREVER);
    }
    observer.skipped(
        SkipReason.OVER,
        granted.lease() + " ended at " + granted.validUntil() + " (--keep-expired)");
    return new LeaseChange.Gone(granted.type(), granted.iaid(), granted.lease());
  }

  /** Why the table could not be written the last time that it could not. */
  public Optional<String> failure() {
    return failure;
  }
}
