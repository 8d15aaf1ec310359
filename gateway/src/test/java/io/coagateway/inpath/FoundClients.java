package io.coagateway.inpath;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.Hold;
import io.coagateway.subscriber.OptionChange;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A table that finds what the test says, when it says so. */
final class FoundClients implements SubscriberTable {
  CompletableFuture<List<SubscriberRecord>> next = CompletableFuture.completedFuture(List.of());
  int asked;

  void found(SubscriberRecord... records) {
    next = CompletableFuture.completedFuture(List.of(records));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    asked++;
    return next;
  }

  private static AssertionError unexpected() {
    return new AssertionError("the path only looks clients up");
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    throw unexpected();
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findByKey(String nas, ClientKey key, int limit) {
    throw unexpected();
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit) {
    throw unexpected();
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> get(String nas, String id) {
    throw unexpected();
  }

  @Override
  public CompletionStage<SubscriberRecord> put(SubscriberRecord record) {
    throw unexpected();
  }

  @Override
  public CompletionStage<SubscriberRecord> replace(SubscriberRecord record) {
    throw unexpected();
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> remove(String nas, String id) {
    throw unexpected();
  }

  @Override
  public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
    throw unexpected();
  }

  @Override
  public CompletionStage<List<PendingChange>> begin(List<OptionChange> changes) {
    throw unexpected();
  }

  @Override
  public CompletionStage<Void> confirm(List<PendingChange> changes) {
    throw unexpected();
  }

  @Override
  public CompletionStage<Void> rollBack(List<PendingChange> changes) {
    throw unexpected();
  }

  @Override
  public CompletionStage<Void> release(List<SubscriberRecord> records) {
    throw unexpected();
  }

  @Override
  public CompletionStage<Hold> hold(List<SubscriberRecord> records, Duration atMost) {
    throw unexpected();
  }

  @Override
  public void letGo(Hold hold) {
    throw unexpected();
  }

  @Override
  public List<PendingChange> foundAtStart() {
    throw unexpected();
  }

  @Override
  public TableStatus status() {
    throw unexpected();
  }

  @Override
  public void close() {}
}
