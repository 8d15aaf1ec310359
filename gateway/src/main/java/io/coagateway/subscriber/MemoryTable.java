package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The table without a database: the memory index is all there is, and it is gone with the process.
 * Nothing has to be made durable, so nothing is waited for: what the index decides is complete when
 * the call returns, on the caller's thread. What takes a look at every record (keys that more
 * records share than the index tells apart) is done by a thread of its own.
 *
 * <p>Versions, marks and events are those of a table over a database; a test compares the two,
 * operation by operation.
 */
final class MemoryTable implements SubscriberTable {
  private static final long IDLE_SECONDS = 10;

  private final MemoryIndex index;
  private final TableObserver observer;
  private final Executor completions;
  private final int queueLimit;
  private final LongAdder lookups = new LongAdder();
  private final LongAdder searches = new LongAdder();
  private final ThreadPoolExecutor searching;

  private final ReentrantLock writing = new ReentrantLock();
  private final Map<Long, Long> underWay = new HashMap<>(); // marks, and the keys of their records
  private final Set<String> nases = ConcurrentHashMap.newKeySet(); // all that had a record
  private final EditSteps editing;
  private long lastNumber;
  private long lastKey;

  private volatile boolean closed;

  /**
   * @param completions runs what waits for a look at every record
   */
  MemoryTable(TableParameters parameters, TableObserver observer, Executor completions) {
    this.index = new MemoryIndex(parameters.clientKeys());
    this.observer = observer;
    this.completions = completions;
    this.queueLimit = parameters.queueLimit();
    this.editing =
        new EditSteps(name -> index.get(name).map(this::drop), record -> store(record).record());
    this.searching =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueLimit),
            work -> {
              Thread thread = new Thread(work, "subscriber-reader");
              thread.setDaemon(true);
              return thread;
            });
    this.searching.allowCoreThreadTimeOut(true);
  }

  // --- how work is done ---

  @FunctionalInterface
  private interface Work<T> {
    T run() throws StaleRecordException, TableUnavailableException;
  }

  /** At once, while nobody else writes. */
  private <T> CompletionStage<T> write(Work<T> work) {
    if (closed) {
      return refused(TableUnavailableException.Reason.CLOSED, "the table is closed");
    }
    writing.lock();
    try {
      return CompletableFuture.completedFuture(work.run());
    } catch (StaleRecordException | TableUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(defect(e));
    } finally {
      writing.unlock();
    }
  }

  /** Behind the caller's back; writes may come in between. */
  private <T> CompletionStage<T> search(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      searching.execute(
          () -> {
            try {
              T found = work.get();
              tell(() -> result.complete(found));
            } catch (RuntimeException e) {
              tell(() -> result.completeExceptionally(defect(e))); // nobody waits for ever
            }
          });
    } catch (RejectedExecutionException e) {
      return closed
          ? refused(TableUnavailableException.Reason.CLOSED, "the table is closed")
          : refused(
              TableUnavailableException.Reason.QUEUE_FULL,
              queueLimit + " requests wait for a look at every record");
    }
    return result;
  }

  private TableUnavailableException defect(RuntimeException e) {
    TableUnavailableException defect = TableUnavailableException.ofDefect(e);
    observer.defect(e);
    hear(() -> observer.unavailable(defect.reason(), 1));
    return defect;
  }

  /** What has been done stands, whoever fails to hear of it. */
  private void hear(Runnable telling) {
    TableTrouble.tell(observer, telling);
  }

  private void tell(Runnable outcome) {
    try {
      completions.execute(outcome);
    } catch (RejectedExecutionException e) {
      outcome.run(); // the loop is gone; whoever still waits must not wait for ever
    }
  }

  private <T> CompletionStage<T> refused(TableUnavailableException.Reason reason, String message) {
    hear(() -> observer.unavailable(reason, 1));
    return CompletableFuture.failedFuture(new TableUnavailableException(reason, message));
  }

  // --- reading ---

  @Override
  public CompletionStage<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    if (closed) {
      return refused(TableUnavailableException.Reason.CLOSED, "the table is closed");
    }
    Optional<List<SubscriberRecord>> found = index.find(query, limit);
    if (found.isPresent()) {
      lookups.increment();
      return CompletableFuture.completedFuture(found.get());
    }
    searches.increment();
    return search(() -> index.search(query.nas(), query.keys(), record -> true, limit));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    Optional<List<SubscriberRecord>> found = index.findClient(nas, client, limit);
    return found.isPresent()
        ? CompletableFuture.completedFuture(found.get())
        : search(() -> index.search(nas, List.of(), r -> r.duid().equals(client), limit));
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> get(String nas, String id) {
    Optional<SubscriberRecord> there = index.get(new RecordKey(nas, id)).map(Stored::record);
    return CompletableFuture.completedFuture(
        there.isPresent() || !nas.isEmpty() ? there : onlyOne(id));
  }

  private Optional<SubscriberRecord> onlyOne(String id) {
    List<SubscriberRecord> all =
        nases.stream()
            .flatMap(nas -> index.get(new RecordKey(nas, id)).stream())
            .map(Stored::record)
            .limit(2)
            .toList();
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findByKey(String nas, ClientKey key, int limit) {
    return CompletableFuture.completedFuture(index.findByKey(nas, key, limit));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> expired(Instant now, int limit) {
    return search(() -> index.expired(now.getEpochSecond(), limit));
  }

  // --- whole records ---

  @Override
  public CompletionStage<SubscriberRecord> put(SubscriberRecord record) {
    return write(() -> store(record).record());
  }

  @Override
  public CompletionStage<SubscriberRecord> replace(SubscriberRecord record) {
    return write(
        () -> {
          requireVersion(record);
          return store(record).record();
        });
  }

  @Override
  public CompletionStage<Optional<SubscriberRecord>> remove(String nas, String id) {
    return get(nas, id)
        .thenCompose(
            found ->
                write(
                    () ->
                        found.flatMap(record -> index.get(RecordKey.of(record))).map(this::drop)));
  }

  @Override
  public CompletionStage<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
    CompletionStage<Optional<RecordEdit.Changes>> atOnce =
        write(
            () -> {
              Optional<List<SubscriberRecord>> there =
                  index.findClient(nas, duid, RecordEdit.MOST_RECORDS);
              return there.isPresent()
                  ? Optional.of(editing.carryOut(edit, there.get()))
                  : Optional.empty();
            });
    return atOnce.thenCompose(
        done ->
            done.isPresent()
                ? CompletableFuture.completedFuture(done.get())
                : findClient(nas, duid, RecordEdit.MOST_RECORDS)
                    .thenCompose(found -> write(() -> editing.carryOut(edit, asNow(found, duid)))));
  }

  /** What has become of records that were found a moment ago. */
  private List<SubscriberRecord> asNow(List<SubscriberRecord> found, Duid duid) {
    return found.stream()
        .flatMap(record -> index.get(RecordKey.of(record)).stream())
        .map(Stored::record)
        .filter(record -> record.duid().equals(duid))
        .toList();
  }

  private long requireVersion(SubscriberRecord base) throws StaleRecordException {
    Optional<MemoryIndex.Known> known = index.known(RecordKey.of(base));
    if (known.isEmpty() || known.get().version() != base.version()) {
      throw new StaleRecordException(base.nas(), base.id(), base.version());
    }
    return known.get().key();
  }

  private Stored store(SubscriberRecord record) {
    Optional<MemoryIndex.Known> known = index.known(RecordKey.of(record));
    long key = known.isPresent() ? known.get().key() : ++lastKey;
    Stored stored = new Stored(key, record.toBuilder().version(++lastNumber).build());
    index.put(stored);
    nases.add(record.nas());
    return stored;
  }

  private SubscriberRecord drop(Stored stored) {
    index.remove(RecordKey.of(stored.record()), ++lastNumber);
    return stored.record();
  }

  // --- the two phases of a change ---

  @Override
  public CompletionStage<List<PendingChange>> begin(List<OptionChange> changes) {
    return write(
        () -> {
          long[] keys = new long[changes.size()];
          for (int i = 0; i < keys.length; i++) {
            keys[i] = requireVersion(changes.get(i).base());
          }
          List<PendingChange> pending = new ArrayList<>(keys.length);
          for (int i = 0; i < keys.length; i++) {
            OptionChange change = changes.get(i);
            PendingChange marked = new PendingChange(change.base(), change.next(), ++lastNumber);
            underWay.put(marked.mark(), keys[i]);
            pending.add(marked);
          }
          pending.forEach(change -> hear(() -> observer.optionsPending(change)));
          return pending;
        });
  }

  @Override
  public CompletionStage<Void> confirm(List<PendingChange> changes) {
    return write(
        () -> {
          for (PendingChange change : changes) {
            confirm(change);
            hear(() -> observer.changeEnded(change));
          }
          return null;
        });
  }

  private void confirm(PendingChange change) {
    Long key = underWay.remove(change.mark());
    if (key == null) {
      return;
    }
    if (index.advance(change.base(), change.next(), change.mark())) {
      index.letGo(RecordKey.of(change.base()));
      hear(() -> observer.optionsConfirmed(WriteJobs.confirmed(change)));
      return;
    }
    Optional<Stored> current = index.get(RecordKey.of(change.base()));
    if (current.isPresent() && current.get().key() == key) {
      SubscriberRecord record = current.get().record();
      OptionList merged = change.appliedTo(record.options());
      SubscriberRecord after = store(record.withOptions(merged, record.version())).record();
      hear(() -> observer.optionsConfirmed(after));
    } // else the record is gone, or was written anew
  }

  @Override
  public CompletionStage<Void> rollBack(List<PendingChange> changes) {
    return write(
        () -> {
          for (PendingChange change : changes) {
            rollBack(change);
            hear(() -> observer.changeEnded(change));
          }
          return null;
        });
  }

  private void rollBack(PendingChange change) {
    Long key = underWay.remove(change.mark());
    Optional<Stored> current = index.get(RecordKey.of(change.base()));
    if (key != null && current.isPresent() && current.get().key() == key) {
      hear(() -> observer.optionsPutBack(current.get().record()));
    }
  }

  @Override
  public CompletionStage<Void> release(List<SubscriberRecord> records) {
    return write(
        () -> {
          for (SubscriberRecord record : records) {
            Optional<Stored> current = index.get(RecordKey.of(record));
            if (current.isPresent() && WriteJobs.isSameSession(record, current.get().record())) {
              SubscriberRecord gone = drop(current.get());
              hear(() -> observer.released(gone));
            }
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Hold> hold(List<SubscriberRecord> records, Duration atMost) {
    return CompletableFuture.completedFuture(Hold.NONE);
  }

  @Override
  public void letGo(Hold hold) {
    // nobody else could take them
  }

  @Override
  public List<PendingChange> foundAtStart() {
    return List.of();
  }

  // --- as a whole ---

  @Override
  public TableStatus status() {
    return new TableStatus(
        index.size(),
        index.keys(),
        true,
        searching.getQueue().size(),
        queueLimit,
        0,
        new TableStatus.Lookups(lookups.sum(), searches.sum()),
        Optional.empty());
  }

  @Override
  public void close() {
    closed = true;
    searching.shutdown(); // who waits is told still
  }

  /** For one thread that writes many records; a request waits for a few of them at most. */
  RecordSession session() {
    return new Session();
  }

  /** What is written is in force at once; the transaction keeps others from writing. */
  private final class Session implements RecordSession {
    private static final int BATCH = 16; // a tenth of a millisecond

    @Override
    public void begin() throws TableUnavailableException {
      if (closed) {
        throw new TableUnavailableException(
            TableUnavailableException.Reason.CLOSED, "the table is closed");
      }
      writing.lock();
    }

    @Override
    public void commit() {
      writing.unlock();
    }

    @Override
    public void rollBack() {
      if (writing.isHeldByCurrentThread()) {
        writing.unlock();
      }
    }

    @Override
    public int batch() {
      return BATCH;
    }

    @Override
    public Optional<Stored> read(RecordKey name) {
      return index.get(name);
    }

    @Override
    public Page readAfter(long key, int limit) {
      return index.page(key, limit);
    }

    @Override
    public Stored put(SubscriberRecord record) {
      return store(record);
    }

    @Override
    public long remove(Stored record) {
      drop(record);
      return lastNumber;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
