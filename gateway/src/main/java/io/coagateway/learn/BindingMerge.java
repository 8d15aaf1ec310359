package io.coagateway.learn;

import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.RecordNames;
import io.coagateway.subscriber.SubscriberRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What a {@link BindingChange} makes of the records of its client.
 *
 * <p>Which record is meant: to a server a binding is client, kind and IAID (RFC 8415 section 12),
 * so the record that has such an identity association comes first, wherever the client is now; then
 * the one at the client's place, link and Interface-Id. When several remain, they contradict each
 * other and none is touched; but a record that was learned, and that nobody gave a session or
 * options, goes over into one that somebody wrote for the same place, whoever came first. When none
 * remains, a lease that is granted makes a new record, named after the client and its place, so
 * that the same client there always has the same id.
 *
 * <p>Session and options are left alone, as are fields that the change knows nothing of, and leases
 * that the REPLY does not name (RFC 8415 section 18.2.10.1): whether their time is over is for
 * {@link ExpirySweep} to say, which does not believe every clock. A record that has no lease, no
 * session and no options left is removed.
 */
public final class BindingMerge {
  private final String nas;

  /**
   * @param nas of new records, empty where there is no name
   */
  public BindingMerge(String nas) {
    this.nas = nas;
  }

  /**
   * What to do, and what to tell.
   *
   * @param changes for the table
   * @param record the record that was meant, as it shall be or as it was; empty when there is none
   * @param result what becomes of it
   * @param contradiction why nothing was done although something was learned; empty otherwise
   */
  public record Merged(
      RecordEdit.Changes changes,
      Optional<SubscriberRecord> record,
      LearnObserver.Result result,
      Optional<String> contradiction) {
    private static Merged unchanged() {
      return new Merged(
          RecordEdit.Changes.NONE,
          Optional.empty(),
          LearnObserver.Result.UNCHANGED,
          Optional.empty());
    }

    private static Merged contradicting(String what) {
      return new Merged(
          RecordEdit.Changes.NONE,
          Optional.empty(),
          LearnObserver.Result.UNCHANGED,
          Optional.of(what));
    }
  }

  /**
   * The effect of a change.
   *
   * @param there all records of the client
   */
  public Merged merge(List<SubscriberRecord> there, BindingChange change) {
    RelayedClient client = change.client();
    Optional<Merged> joined = join(there, change);
    if (joined.isPresent()) {
      return joined.get();
    }
    List<SubscriberRecord> meant = meant(there, change);
    if (meant.size() > 1) {
      return Merged.contradicting(
          "%d records of client %s could be the one: %s. Remove those that are wrong"
              .formatted(
                  meant.size(),
                  client.duid(),
                  String.join(", ", meant.stream().map(SubscriberRecord::id).toList())));
    }
    if (!meant.isEmpty()) {
      return update(meant.get(0), change);
    }
    if (!change.grants()) {
      return Merged.unchanged(); // nobody knew the binding that is gone
    }
    String id = idOf(client);
    if (there.stream().anyMatch(record -> record.id().equals(id) && record.nas().equals(nas))) {
      return Merged.contradicting(
          "record " + id + " is named after a place where it is not. Give it another id");
    }
    SubscriberRecord added =
        change(
                SubscriberRecord.builder(nas, id, client.duid(), client.linkAddress()).build(),
                change)
            .build();
    return new Merged(
        RecordEdit.Changes.put(added),
        Optional.of(added),
        LearnObserver.Result.LEARNED,
        Optional.empty());
  }

  /** One client that was learned, and written by somebody under another id: the latter stays. */
  private Optional<Merged> join(List<SubscriberRecord> there, BindingChange change) {
    String id = idOf(change.client());
    List<SubscriberRecord> learned =
        only(
            there,
            record ->
                record.id().equals(id)
                    && record.nas().equals(nas)
                    && record.session().isEmpty()
                    && record.options().isEmpty());
    List<SubscriberRecord> written =
        only(
            there,
            record ->
                !record.id().equals(id)
                    && record.nas().equals(nas)
                    && mayBeAt(record, change.client()));
    if (learned.isEmpty() || written.size() != 1) {
      return Optional.empty();
    }
    SubscriberRecord stays = written.get(0);
    List<IdentityAssociation> ias = new ArrayList<>(stays.ias());
    for (IdentityAssociation ia : learned.get(0).ias()) {
      if (stays.ias().stream().noneMatch(known -> isSame(known, ia))) {
        ias.add(ia);
      }
    }
    Merged merged = update(stays.toBuilder().ias(ias).build(), change);
    SubscriberRecord after = merged.record().orElse(stays);
    boolean left = merged.result() != LearnObserver.Result.REMOVED;
    return Optional.of(
        new Merged(
            new RecordEdit.Changes(
                left ? List.of(after) : List.of(), left ? learned : List.of(learned.get(0), stays)),
            Optional.of(after),
            left ? LearnObserver.Result.UPDATED : LearnObserver.Result.REMOVED,
            Optional.empty()));
  }

  private static boolean isSame(IdentityAssociation one, IdentityAssociation other) {
    return one.type() == other.type() && one.iaid().equals(other.iaid());
  }

  private static Merged update(SubscriberRecord before, BindingChange change) {
    SubscriberRecord after = change(before, change).build();
    if (isEmpty(after)) {
      return new Merged(
          RecordEdit.Changes.remove(before),
          Optional.of(before),
          LearnObserver.Result.REMOVED,
          Optional.empty());
    }
    if (after.sameContent(before)) {
      return new Merged(
          RecordEdit.Changes.NONE,
          Optional.of(before),
          LearnObserver.Result.UNCHANGED,
          Optional.empty());
    }
    return new Merged(
        RecordEdit.Changes.put(after),
        Optional.of(after),
        LearnObserver.Result.UPDATED,
        Optional.empty());
  }

  private static boolean isEmpty(SubscriberRecord record) {
    return record.ias().isEmpty() && record.session().isEmpty() && record.options().isEmpty();
  }

  private static List<SubscriberRecord> meant(List<SubscriberRecord> there, BindingChange change) {
    List<SubscriberRecord> owners = only(there, record -> hasBinding(record, change));
    if (owners.isEmpty()) {
      owners = only(there, record -> hasLeaseWithoutIaid(record, change));
    }
    List<SubscriberRecord> candidates =
        owners.isEmpty() ? only(there, record -> mayBeAt(record, change.client())) : owners;
    List<SubscriberRecord> exact = only(candidates, record -> isAt(record, change.client()));
    return exact.size() == 1 ? exact : candidates;
  }

  private static List<SubscriberRecord> only(
      List<SubscriberRecord> records, Predicate<SubscriberRecord> which) {
    return records.stream().filter(which).toList();
  }

  private static boolean hasBinding(SubscriberRecord record, BindingChange change) {
    return record.ias().stream()
        .anyMatch(
            ia ->
                change.leases().stream()
                    .anyMatch(
                        lease ->
                            lease.type() == ia.type()
                                && ia.iaid().equals(OptionalLong.of(lease.iaid()))));
  }

  private static boolean hasLeaseWithoutIaid(SubscriberRecord record, BindingChange change) {
    return record.ias().stream()
        .filter(ia -> ia.iaid().isEmpty())
        .anyMatch(
            ia ->
                change.leases().stream()
                    .anyMatch(
                        lease ->
                            lease instanceof LeaseChange.Granted granted
                                ? ia.leases().contains(granted.lease())
                                : lease instanceof LeaseChange.Gone gone
                                    && ia.leases().contains(gone.lease())));
  }

  private static boolean mayBeAt(SubscriberRecord record, RelayedClient client) {
    return record.mayBeAt(client.linkAddress(), client.interfaceId());
  }

  private static boolean isAt(SubscriberRecord record, RelayedClient client) {
    return record.linkAddress().equals(client.linkAddress())
        && record.interfaceId().equals(client.interfaceId());
  }

  private static SubscriberRecord.Builder change(SubscriberRecord before, BindingChange change) {
    LeaseBook book = new LeaseBook(before.ias());
    change.leases().forEach(book::enter);
    SubscriberRecord.Builder after = before.toBuilder().ias(book.toIas());
    if (change.grants()) {
      RelayedClient client = change.client();
      after.linkAddress(client.linkAddress()).peerAddress(client.peerAddress());
      after.serverDuid(change.server());
      if (client.interfaceId().isPresent()) {
        after.interfaceId(client.interfaceId().get());
      } else if (!before.linkAddress().equals(client.linkAddress())) {
        after.withoutInterfaceId(); // it named a port of the link that the client has left
      }
      client.remoteId().ifPresent(after::remoteId);
      client.subscriberId().ifPresent(after::subscriberId);
      if (change.reconfigureAccept() != ReconfigureAccept.UNKNOWN) {
        after.reconfigureAccept(change.reconfigureAccept());
      }
    }
    return after;
  }

  /**
   * What is left of {@code record} at {@code now}.
   *
   * @return the change, of no effect when no lease is over
   */
  public static RecordEdit.Changes expire(SubscriberRecord record, Instant now) {
    LeaseBook book = new LeaseBook(record.ias());
    if (!book.expire(now)) {
      return RecordEdit.Changes.NONE;
    }
    List<IdentityAssociation> left = book.toIas();
    SubscriberRecord after = record.toBuilder().ias(left).build();
    return isEmpty(after) ? RecordEdit.Changes.remove(record) : RecordEdit.Changes.put(after);
  }

  /** The name of a new record: DUID, link and, where there is one, Interface-Id. */
  static String idOf(RelayedClient client) {
    return RecordNames.ofPlace(client.duid(), client.linkAddress(), client.interfaceId());
  }
}
