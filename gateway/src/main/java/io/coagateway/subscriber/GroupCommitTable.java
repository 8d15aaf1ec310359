package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The table over one database: a memory index that answers, a thread that writes ({@link
 * TableWriter}), a thread that reads ({@link TableFollower}).
 */
final class GroupCommitTable implements SubscriberTable {
  private final LongAdder lookupsInMemory = new LongAdder();
  private final LongAdder lookupsInDatabase = new LongAdder();
  private final TableStore store;
  private final TableParameters parameters;
  private final MemoryIndex index;
  private final TableTrouble trouble;
  private final TableFollower follower;
  private final TableWriter writer;
  private final WriteJobs jobs;
  private final List<PendingChange> foundAtStart;
  private final Thread writing;
  private final Thread reading;

  /**
   * @param store closed with the table; the caller's own business when this fails
   */
  GroupCommitTable(
      TableStore store,
      TableParameters parameters,
      TableObserver observer,
      Executor completions,
      LongSupplier nanos)
      throws TableUnavailableException {
    this.store = store;
    this.parameters = parameters;
    this.index = new MemoryIndex(parameters.clientKeys());
    this.trouble = new TableTrouble(observer);
    Set<Long> recovered = ConcurrentHashMap.newKeySet();
    List<StoreSession> opened = new ArrayList<>();
    try {
      StoreSession writes = store.session();
      opened.add(writes);
      foundAtStart = WriteJobs.changes(recover(writes));
      foundAtStart.forEach(change -> recovered.add(change.mark()));
      StoreSession reads = store.session();
      opened.add(reads);
      follower = new TableFollower(reads, index, observer, trouble, completions, nanos, parameters);
      writer =
          new TableWriter(
              writes,
              index,
              follower,
              observer,
              trouble,
              completions,
              nanos,
              parameters.queueLimit());
    } catch (TableUnavailableException | RuntimeException e) {
      opened.forEach(StoreSession::close);
      throw e;
    }
    jobs = new WriteJobs(index, observer, recovered);
    follower.onLongLog(writer::restartLog);
    follower.onLeftMarks(() -> writer.submit(jobs.adopt()));
    writing = new Thread(writer, "subscriber-writer");
    reading = new Thread(follower, "subscriber-reader");
    writing.setDaemon(true);
    reading.setDaemon(true);
    writing.start();
    reading.start();
  }

  private static List<StoreSession.Mark> recover(StoreSession writes)
      throws TableUnavailableException {
    try {
      writes.begin();
      List<StoreSession.Mark> found = writes.recover();
      writes.commit();
      return found;
    } catch (TableUnavailableException e) {
      writes.rollBack();
      throw e;
    }
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    if (follower.isComplete()) {
      Optional<List<SubscriberRecord>> found = index.find(query, limit);
      if (found.isPresent() && !found.get().isEmpty()) {
        lookupsInMemory.increment();
        return CompletableFuture.completedFuture(found.get());
      }
    }
    lookupsInDatabase.increment();
    return follower.find(query, limit);
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    if (follower.isComplete()) {
      Optional<List<SubscriberRecord>> found = index.findClient(nas, client, limit);
      if (found.isPresent()) {
        return CompletableFuture.completedFuture(found.get());
      }
    }
    return follower.findClient(nas, client, limit);
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> get(String nas, String id) {
    return follower.get(new RecordKey(nas, id));
  }

  @Override
  public CompletionStage<SubscriberRecord> put(SubscriberRecord record) {
    return submit(jobs.put(record));
  }

  @Override
  public CompletionStage<SubscriberRecord> replace(SubscriberRecord record) {
    return submit(jobs.replace(record));
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> remove(String nas, String id) {
    return submit(jobs.remove(new RecordKey(nas, id)));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findByKey(String nas, ClientKey key, int limit) {
    return follower.isComplete()
        ? CompletableFuture.completedFuture(index.findByKey(nas, key, limit))
        : CompletableFuture.failedFuture(
            new TableUnavailableException(
                TableUnavailableException.Reason.LOCKED, "the memory index is being filled"));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit) {
    return follower.expired(now.getEpochSecond(), limit);
  }

  @Override
  public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
    return submit(jobs.edit(nas, duid, edit));
  }

  @Override
  public CompletionStage<List<PendingChange>> begin(List<OptionChange> changes) {
    return submit(jobs.begin(List.copyOf(changes)));
  }

  @Override
  public CompletionStage<Void> confirm(List<PendingChange> changes) {
    // The outcome is decided, whatever becomes of this process: the next lookup sees it at once.
    for (PendingChange change : changes) {
      index.advance(change.base(), change.next(), change.mark());
    }
    // Other gateways wait until the subscribers are let go, and that waits for this.
    WriteJob.Kind kind = store.isShared() ? WriteJob.Kind.TRIES_AGAIN : WriteJob.Kind.HAS_TIME;
    return submit(jobs.confirm(List.copyOf(changes), kind));
  }

  @Override
  public CompletionStage<Void> rollBack(List<PendingChange> changes) {
    return submit(jobs.rollBack(List.copyOf(changes)));
  }

  @Override
  public CompletionStage<Void> release(List<SubscriberRecord> records) {
    return submit(jobs.release(List.copyOf(records)));
  }

  @Override
  public CompletionStage<Hold> hold(List<SubscriberRecord> records, Duration atMost) {
    return store.isShared()
        ? submit(jobs.hold(List.copyOf(records), atMost))
        : CompletableFuture.completedFuture(Hold.NONE);
  }

  @Override
  public void letGo(Hold hold) {
    if (!hold.keys().isEmpty()) {
      submit(jobs.letGo(hold));
    }
  }

  private <T> CompletionStage<T> submit(WriteJob<T> job) {
    writer.submit(job);
    return job.result();
  }

  @Override
  public List<PendingChange> foundAtStart() {
    return foundAtStart;
  }

  @Override
  public TableStatus status() {
    return new TableStatus(
        index.size(),
        index.keys(),
        follower.isComplete(),
        writer.queued() + follower.queued(),
        parameters.queueLimit(),
        writer.unmerged(),
        new TableStatus.Lookups(lookupsInMemory.sum(), lookupsInDatabase.sum()),
        trouble.words());
  }

  @Override
  public void close() {
    follower.close();
    writer.close();
    try {
      reading.join();
      writing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // both are daemons, and the log has what was committed
    }
    store.close();
  }
}
