package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A table of which nothing is asked; a test overrides what it expects. */
public abstract class UnaskedTable implements SubscriberTable {
  private static AssertionError unexpected() {
    return new AssertionError("the table is asked what the test does not expect");
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    throw unexpected();
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
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
