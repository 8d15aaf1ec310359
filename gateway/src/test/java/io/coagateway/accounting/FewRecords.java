package io.coagateway.accounting;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.subscriber.UnaskedTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Some records in memory; answers at once or when it is let, and fails when it is told to. */
final class FewRecords extends UnaskedTable {
  private final Map<String, SubscriberRecord> records = new LinkedHashMap<>();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean slow;
  private boolean failing;
  private boolean broken;
  private boolean refusesEdits;

  @Override
  public TableStatus status() {
    Optional<String> failure = failing ? Optional.of("not available") : Optional.empty();
    return new TableStatus(
        records.size(), 0, true, waiting.size(), 1, 0, new TableStatus.Lookups(0, 0), failure);
  }

  void put(String id, SubscriberRecord record) {
    records.put(id, record);
  }

  List<SubscriberRecord> all() {
    return List.copyOf(records.values());
  }

  /** How it answers from now on. */
  void behave(boolean slowly, boolean badly) {
    slow = slowly;
    failing = badly;
  }

  /** Whether it can be read and not written from now on. */
  void refuseEdits(boolean refuse) {
    refusesEdits = refuse;
  }

  /** From now on it fails as only a defect makes it. */
  void breakDown() {
    broken = true;
  }

  /** Answers all that it was asked, and all that is asked because of it. */
  void catchUp() {
    slow = false;
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  /** The same, but what is asked because of it stands behind what was asked before. */
  void catchUpInTurn() {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
    slow = false;
  }

  private <T> CompletionStage<T> answer(Supplier<T> value) {
    if (broken) {
      throw new IllegalStateException("broken on purpose");
    }
    CompletableFuture<T> stage = new CompletableFuture<>();
    boolean fails = failing;
    Runnable work =
        () -> {
          if (fails) {
            stage.completeExceptionally(
                new TableUnavailableException(
                    TableUnavailableException.Reason.FAILED, "broken on purpose"));
          } else {
            stage.complete(value.get());
          }
        };
    if (slow) {
      waiting.add(work);
    } else {
      work.run();
    }
    return stage;
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    return answer(
        () ->
            records.values().stream()
                .filter(r -> query.keys().stream().allMatch(key -> keys(r).contains(key)))
                .limit(limit)
                .toList());
  }

  private static List<SessionKey> keys(SubscriberRecord record) {
    List<SessionKey> keys = new ArrayList<>();
    record
        .session()
        .asMap()
        .forEach((id, values) -> values.forEach(value -> keys.add(SessionKey.of(id, value))));
    return keys;
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findByKey(String nas, ClientKey key, int limit) {
    return answer(
        () ->
            records.values().stream()
                .filter(record -> ClientKey.of(record).contains(key))
                .limit(limit)
                .toList());
  }

  @Override
  public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
    if (refusesEdits) {
      return CompletableFuture.failedFuture(
          new TableUnavailableException(
              TableUnavailableException.Reason.FULL, "refused on purpose"));
    }
    return answer(
        () -> {
          RecordEdit.Changes changes =
              edit.apply(
                  records.values().stream().filter(record -> record.duid().equals(duid)).toList());
          changes.put().forEach(record -> records.put(record.id(), record));
          changes.removed().forEach(record -> records.remove(record.id()));
          return changes;
        });
  }
}
