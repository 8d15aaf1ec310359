package io.coagateway.dynauth;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.AttributeId;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.Hold;
import io.coagateway.subscriber.OptionChange;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.StaleRecordException;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A table whose writes finish when the test says so, and that writes down what was asked of it, in
 * order.
 */
final class FakeTable implements SubscriberTable {
  /** By id; those of other NASes than nas-1 by {@code nas/id}. */
  final Map<String, SubscriberRecord> records = new TreeMap<>();

  final List<String> asked = new ArrayList<>();
  final List<PendingChange> foundAtStart = new ArrayList<>();

  /** What a {@link #hold(List, Duration)} gives: something when the table is shared. */
  Hold holds = Hold.NONE;

  /** The next holds, one each, instead of {@link #holds}; the test completes them. */
  final Deque<CompletableFuture<Hold>> nextHolds = new ArrayDeque<>();

  private final Deque<Held> held = new ArrayDeque<>();
  private Throwable failure;
  private Throwable failBegin;
  private boolean failsEachBegin;
  private boolean holding;
  private long marks = 100;

  /** Writes do not finish from now on, until {@link #finishOne}. */
  void hold() {
    holding = true;
  }

  /** The oldest write that is held back finishes. */
  void finishOne() {
    held.remove().finish().run();
  }

  /** The oldest write that is held back fails. */
  void failOne(Throwable error) {
    held.remove().stage().completeExceptionally(error);
  }

  private record Held(CompletableFuture<?> stage, Runnable finish) {}

  /** The next call fails. */
  void failNext(Throwable error) {
    failure = error;
  }

  /** The record is there. */
  void has(SubscriberRecord record) {
    records.put(key(record), record);
  }

  private static String key(SubscriberRecord record) {
    return record.nas().equals("nas-1") ? record.id() : record.nas() + "/" + record.id();
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    throw new UnsupportedOperationException("nobody in this package asks by DUID");
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    if (failure != null) {
      return failed();
    }
    List<SubscriberRecord> found = new ArrayList<>();
    for (SubscriberRecord record : records.values()) {
      boolean all = query.nas().isEmpty() || record.nas().equals(query.nas());
      for (SessionKey key : query.keys()) {
        all &= has(record, key.attribute(), key.value());
      }
      if (all && found.size() < limit) {
        found.add(record);
      }
    }
    return CompletableFuture.completedFuture(found);
  }

  private static boolean has(SubscriberRecord record, AttributeId attribute, Octets value) {
    return record.session().values(attribute).contains(value);
  }

  /** The next write finds that somebody else wrote the record of {@code id} meanwhile. */
  void staleNext(String id) {
    SubscriberRecord record = records.get(id);
    failure = new StaleRecordException(record.nas(), id, record.version());
  }

  /** The next change of {@code id} finds that somebody else wrote the record meanwhile. */
  void staleOnce(String id) {
    SubscriberRecord record = records.get(id);
    failBegin = new StaleRecordException(record.nas(), id, record.version());
  }

  /** Somebody else writes the record of {@code id} each time that it has been read. */
  void staleEachTime(String id) {
    staleOnce(id);
    failsEachBegin = true;
  }

  @Override
  public CompletionStage<List<PendingChange>> begin(List<OptionChange> changes) {
    if (failBegin != null) {
      failure = failBegin;
      failBegin = failsEachBegin ? failBegin : null;
    }
    asked.add("begin " + changes.stream().map(change -> change.base().id()).toList());
    return write(
        () -> {
          List<PendingChange> pending = new ArrayList<>();
          for (OptionChange change : changes) {
            long mark = marks++;
            pending.add(new PendingChange(change.base(), change.next(), mark));
            has(change.base().withOptions(change.next(), mark));
          }
          return pending;
        });
  }

  @Override
  public CompletionStage<Void> confirm(List<PendingChange> changes) {
    asked.add("confirm " + changes.stream().map(change -> change.base().id()).toList());
    return write(() -> null);
  }

  @Override
  public CompletionStage<Void> rollBack(List<PendingChange> changes) {
    asked.add("rollBack " + changes.stream().map(change -> change.base().id()).toList());
    return write(
        () -> {
          changes.forEach(change -> has(change.base()));
          return null;
        });
  }

  @Override
  public CompletionStage<Void> release(List<SubscriberRecord> gone) {
    asked.add("release " + gone.stream().map(SubscriberRecord::id).toList());
    return write(
        () -> {
          gone.forEach(record -> records.remove(key(record)));
          return null;
        });
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findByKey(String nas, ClientKey key, int limit) {
    return CompletableFuture.completedFuture(
        records.values().stream().filter(record -> ClientKey.of(record).contains(key)).toList());
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
    return write(
        () -> {
          RecordEdit.Changes changes =
              edit.apply(
                  records.values().stream().filter(record -> record.duid().equals(duid)).toList());
          changes.put().forEach(this::has);
          changes.removed().forEach(record -> records.remove(key(record)));
          return changes;
        });
  }

  private interface Write<T> {
    T apply();
  }

  private <T> CompletionStage<T> write(Write<T> write) {
    if (failure != null) {
      return failed();
    }
    CompletableFuture<T> stage = new CompletableFuture<>();
    Runnable finish = () -> stage.complete(write.apply());
    if (holding) {
      held.add(new Held(stage, finish));
    } else {
      finish.run();
    }
    return stage;
  }

  private <T> CompletionStage<T> failed() {
    Throwable error = failure;
    failure = null;
    return CompletableFuture.failedFuture(error);
  }

  @Override
  public CompletionStage<Hold> hold(List<SubscriberRecord> records, Duration atMost) {
    return nextHolds.isEmpty() ? CompletableFuture.completedFuture(holds) : nextHolds.remove();
  }

  @Override
  public void letGo(Hold hold) {
    if (!hold.keys().isEmpty()) {
      asked.add("letGo " + hold.keys());
    }
  }

  @Override
  public List<PendingChange> foundAtStart() {
    return List.copyOf(foundAtStart);
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> get(String nas, String id) {
    return CompletableFuture.completedFuture(Optional.ofNullable(records.get(id)));
  }

  @Override
  public CompletionStage<SubscriberRecord> put(SubscriberRecord record) {
    throw new AssertionError("not asked by this package");
  }

  @Override
  public CompletionStage<SubscriberRecord> replace(SubscriberRecord record) {
    throw new AssertionError("not asked by this package");
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> remove(String nas, String id) {
    throw new AssertionError("not asked by this package");
  }

  @Override
  public TableStatus status() {
    throw new AssertionError("not asked by this package");
  }

  @Override
  public void close() {}
}
