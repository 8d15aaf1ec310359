package io.coagateway.app;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.Hold;
import io.coagateway.subscriber.OptionChange;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.subscriber.TableUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A table whose database could not be opened at start, and is tried again until it can: for a
 * gateway in the relay's path, which must forward whatever becomes of the table. Until then every
 * request fails as it does when the database goes away later.
 */
final class LateTable implements SubscriberTable {
  private static final long AGAIN_MILLIS = 1000;

  /** Opens the database; blocks. */
  @FunctionalInterface
  interface Opening {
    SubscriberTable open() throws TableUnavailableException;
  }

  private final CountDownLatch closing = new CountDownLatch(1);
  private final int queueLimit;
  private final TableObserver observer;
  private volatile Optional<SubscriberTable> opened = Optional.empty();
  private volatile TableUnavailableException why;

  /**
   * @param why it could not be opened just now
   * @param queueLimit for the status
   * @param observer told of each request that fails until then
   */
  LateTable(TableUnavailableException why, int queueLimit, TableObserver observer) {
    this.why = why;
    this.queueLimit = queueLimit;
    this.observer = observer;
  }

  /**
   * Starts to try.
   *
   * @param whenOpen told the table once, on the thread that tries
   */
  void open(Opening opening, Consumer<SubscriberTable> whenOpen) {
    Thread trying = new Thread(() -> tryUntilOpen(opening, whenOpen), "subscriber-opening");
    trying.setDaemon(true);
    trying.start();
  }

  private void tryUntilOpen(Opening opening, Consumer<SubscriberTable> whenOpen) {
    try {
      while (!closing.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        try {
          SubscriberTable table = opening.open();
          if (take(table)) {
            whenOpen.accept(table);
          }
          return;
        } catch (TableUnavailableException e) {
          why = e;
        } catch (RuntimeException e) {
          why =
              new TableUnavailableException(TableUnavailableException.Reason.FAILED, e.toString());
          observer.defect(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether anybody still wants it. */
  private synchronized boolean take(SubscriberTable table) {
    if (closing.getCount() == 0) {
      table.close();
      return false;
    }
    opened = Optional.of(table);
    return true;
  }

  private <T> CompletionStage<T> ask(Function<SubscriberTable, CompletionStage<T>> question) {
    Optional<SubscriberTable> table = opened;
    if (table.isPresent()) {
      return question.apply(table.get());
    }
    TableUnavailableException reason = why;
    observer.unavailable(reason.reason(), 1);
    return CompletableFuture.failedFuture(
        new TableUnavailableException(
            reason.reason(), "the database could not be opened: " + reason.getMessage()));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    return ask(table -> table.find(query, limit));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    return ask(table -> table.findClient(nas, client, limit));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findByKey(String nas, ClientKey key, int limit) {
    return ask(table -> table.findByKey(nas, key, limit));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit) {
    return ask(table -> table.expired(now, limit));
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> get(String nas, String id) {
    return ask(table -> table.get(nas, id));
  }

  @Override
  public CompletionStage<SubscriberRecord> put(SubscriberRecord record) {
    return ask(table -> table.put(record));
  }

  @Override
  public CompletionStage<SubscriberRecord> replace(SubscriberRecord record) {
    return ask(table -> table.replace(record));
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> remove(String nas, String id) {
    return ask(table -> table.remove(nas, id));
  }

  @Override
  public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
    return ask(table -> table.edit(nas, duid, edit));
  }

  @Override
  public CompletionStage<List<PendingChange>> begin(List<OptionChange> changes) {
    return ask(table -> table.begin(changes));
  }

  @Override
  public CompletionStage<Void> confirm(List<PendingChange> changes) {
    return ask(table -> table.confirm(changes));
  }

  @Override
  public CompletionStage<Void> rollBack(List<PendingChange> changes) {
    return ask(table -> table.rollBack(changes));
  }

  @Override
  public CompletionStage<Void> release(List<SubscriberRecord> records) {
    return ask(table -> table.release(records));
  }

  @Override
  public CompletionStage<Hold> hold(List<SubscriberRecord> records, Duration atMost) {
    return ask(table -> table.hold(records, atMost));
  }

  @Override
  public void letGo(Hold hold) {
    opened.ifPresent(table -> table.letGo(hold));
  }

  @Override
  public List<PendingChange> foundAtStart() {
    return opened.map(SubscriberTable::foundAtStart).orElse(List.of());
  }

  @Override
  public TableStatus status() {
    return opened
        .map(SubscriberTable::status)
        .orElseGet(
            () ->
                new TableStatus(
                    0,
                    0,
                    false,
                    0,
                    queueLimit,
                    0,
                    new TableStatus.Lookups(0, 0),
                    Optional.of("cannot be opened: " + why.getMessage())));
  }

  @Override
  public synchronized void close() {
    closing.countDown();
    opened.ifPresent(SubscriberTable::close);
  }
}
