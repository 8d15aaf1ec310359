package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The one thread that reads: it fills the memory index page by page, follows the change log for
 * what other processes write, and looks up in the database what the index cannot decide.
 *
 * <p>The change log is asked rather than SQLite's {@code data_version}: its newest number answers
 * "has anybody written" as cheaply, says who was written at once, and means the same in any
 * database.
 */
final class TableFollower implements Runnable {
  private static final int PAGE = 200; // records read at a time while others may want to write
  private static final int CHANGES = 1000;
  private static final long ADOPTION_NANOS = 1_000_000_000L;

  private final StoreSession session;
  private final MemoryIndex index;
  private final TableObserver observer;
  private final TableTrouble trouble;
  private final LongSupplier nanos;
  private final long pollNanos;
  private final CheckpointPace checkpoints;

  /** Held while something read from the database is put into the index, and while we commit. */
  private final ReentrantLock applying = new ReentrantLock();

  private Runnable adoption = () -> {};
  private Runnable restart = () -> {};

  private final LookupQueue lookups;

  /** The newest change of the log that is in the index. */
  private final AtomicReference<StoreSession.Change> applied =
      new AtomicReference<>(StoreSession.Change.NONE);

  private volatile boolean complete;
  private volatile boolean goneBack;
  private volatile boolean closed;
  private boolean troubled;
  private long loadedTo;
  private long loadStart;
  private long lastAdoption;

  TableFollower(
      StoreSession session,
      MemoryIndex index,
      TableObserver observer,
      TableTrouble trouble,
      Executor completions,
      LongSupplier nanos,
      TableParameters parameters)
      throws TableUnavailableException {
    this.session = session;
    this.index = index;
    this.observer = observer;
    this.trouble = trouble;
    this.nanos = nanos;
    this.pollNanos = parameters.pollInterval().toNanos();
    this.lookups = new LookupQueue(parameters.queueLimit(), observer, completions);
    this.lastAdoption = nanos.getAsLong();
    this.checkpoints = new CheckpointPace(lastAdoption);
    startLoading(session.newestChange(), index::startLoading);
  }

  ReentrantLock applying() {
    return applying;
  }

  /**
   * Whether the index holds the table as it is after the change {@code newest}, the newest that
   * there is: for who writes, while nobody else can.
   */
  boolean hasApplied(StoreSession.Change newest) {
    // In this order: startLoading() moves it only after it has said "not complete".
    StoreSession.Change known = applied.get();
    if (isLost(known, newest)) {
      goneBack = true;
    }
    return known.equals(newest) && complete;
  }

  /**
   * Whether the log has gone back: a server that had not got the last writes of another took its
   * place, or a backup was put in the place of what the file held. Then it ends before what was
   * applied, or has another change of that number.
   */
  private static boolean isLost(StoreSession.Change applied, StoreSession.Change newest) {
    return applied.number() > newest.number()
        || (applied.number() == newest.number() && !applied.equals(newest));
  }

  /** Everything up to {@code change} is in the index. */
  void wroteUpTo(StoreSession.Change change) {
    applied.accumulateAndGet(change, (one, other) -> one.number() < other.number() ? other : one);
  }

  boolean isComplete() {
    return complete;
  }

  /** Looks up what the index could not decide a moment ago. */
  CompletableFuture<List<SubscriberRecord>> find(SessionQuery query, int limit) {
    return lookups.ask(
        () -> {
          Optional<List<SubscriberRecord>> found =
              complete ? index.find(query, limit) : Optional.empty();
          return found.isPresent() ? found.get() : current(session.find(query, limit));
        });
  }

  /** Looks a client up that the index could not decide on. */
  CompletableFuture<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    return lookups.ask(
        () -> {
          Optional<List<SubscriberRecord>> found =
              complete ? index.findClient(nas, client, limit) : Optional.empty();
          return found.isPresent() ? found.get() : current(session.findClient(nas, client, limit));
        });
  }

  /**
   * The records as they are now: the index knows of a confirmation before the database does, also
   * while it is being filled again. Without this a change begun at once would be refused as stale.
   * But not of one that the database has lost.
   */
  private List<SubscriberRecord> current(List<SubscriberRecord> found) {
    return found.stream()
        .map(
            record ->
                index
                    .getUndoubted(RecordKey.of(record))
                    .map(Stored::record)
                    .filter(known -> known.version() > record.version())
                    .filter(known -> known.session().equals(record.session()))
                    .filter(known -> known.duid().equals(record.duid()))
                    .orElse(record))
        .toList();
  }

  CompletableFuture<List<SubscriberRecord>> expired(long now, int limit) {
    return lookups.ask(() -> complete ? index.expired(now, limit) : List.of());
  }

  CompletableFuture<Optional<SubscriberRecord>> get(RecordKey name) {
    return lookups.ask(() -> session.resolve(name).map(Stored::record));
  }

  /** What to do when another gateway has left changes behind. Before the thread starts. */
  void onLeftMarks(Runnable work) {
    adoption = work;
  }

  /** What to do when a log is long of which little is left to move. Before the thread starts. */
  void onLongLog(Runnable work) {
    restart = work;
  }

  int queued() {
    return lookups.waiting();
  }

  void close() {
    closed = true;
    lookups.close();
  }

  @Override
  public void run() {
    while (!closed) {
      takeLookups();
      Optional<TableUnavailableException> failure = tried(this::follow);
      lookups.answer(failure);
      troubled = failure.isPresent() || tried(this::loadOrRest).isPresent();
      if (!troubled) {
        trouble.reading(Optional.empty());
      }
    }
    lookups.end();
    session.close();
  }

  private void takeLookups() {
    try {
      lookups.take((complete || troubled) && !closed ? pollNanos : 0);
    } catch (InterruptedException e) {
      close(); // somebody wants this thread to end
    }
  }

  /** What this thread does besides answering. */
  @FunctionalInterface
  private interface Work {
    void run() throws TableUnavailableException;
  }

  /** Gives why it failed; this thread goes on whatever happens, since nobody else reads. */
  private Optional<TableUnavailableException> tried(Work work) {
    TableUnavailableException failure;
    try {
      work.run();
      return Optional.empty();
    } catch (TableUnavailableException e) {
      failure = e;
    } catch (RuntimeException e) {
      observer.defect(e);
      failure = TableUnavailableException.ofDefect(e);
    }
    trouble.reading(Optional.of(failure.getMessage()));
    return Optional.of(failure);
  }

  /** Takes over what other processes have written. */
  private void follow() throws TableUnavailableException {
    session.requireInPlace();
    boolean more;
    do {
      StoreSession.Change known = applied.get(); // first: what is written meanwhile is not lost
      StoreSession.Change newest = session.newestChange();
      if (goneBack || isLost(known, newest)) {
        startAnew();
        return;
      }
      more = newest.number() > known.number() && takeChanges(known);
    } while (more);
  }

  /** The index may have versions that the database never had, or has given again. */
  private void startAnew() throws TableUnavailableException {
    StoreSession.Change newest = session.newestChange();
    startLoading(newest, index::startLoadingAnew);
    applied.set(newest);
    goneBack = false;
  }

  /**
   * Applies some changes; false when the table is to be loaded anew.
   *
   * @param last the change that was applied last: where it is missing between others, or is another
   *     one, the log has gone back
   */
  private boolean takeChanges(StoreSession.Change last) throws TableUnavailableException {
    List<StoreSession.Change> changes = session.changesAfter(last.number() - 1, CHANGES);
    if (changes.isEmpty()) {
      return false;
    }
    StoreSession.Change first = changes.get(0);
    boolean follows =
        first.equals(last) || (last.number() == 0 && first.number() == 1); // nothing is forgotten
    if (!follows && session.oldestChange() <= last.number()) {
      startAnew();
      return false;
    }
    Map<RecordKey, StoreSession.Change> latest = new LinkedHashMap<>();
    for (StoreSession.Change change : changes) {
      if (change.equals(last)) {
        continue;
      }
      if (!follows || change.name().isEmpty()) {
        startLoading(session.newestChange(), index::startLoading);
        return false;
      }
      latest.put(change.name().get(), change);
    }
    int elsewhere = 0;
    for (Map.Entry<RecordKey, StoreSession.Change> one : latest.entrySet()) {
      elsewhere += take(one.getKey(), one.getValue().version()) ? 1 : 0;
    }
    wroteUpTo(changes.get(changes.size() - 1));
    if (elsewhere > 0) {
      int records = elsewhere;
      trouble.tell(() -> observer.changedElsewhere(records));
    }
    return true;
  }

  /** Whether the index did not know. */
  private boolean take(RecordKey name, long version) throws TableUnavailableException {
    applying.lock();
    try {
      Optional<Stored> stored = session.read(name);
      if (stored.isEmpty()) {
        boolean had = index.versionOf(name).isPresent();
        index.remove(name, version);
        return had;
      }
      boolean news = index.versionOf(name).orElse(0) < stored.get().record().version();
      index.put(stored.get());
      return news;
    } finally {
      applying.unlock();
    }
  }

  private void startLoading(StoreSession.Change newestChange, Runnable start) {
    complete = false;
    loadedTo = 0;
    loadStart = nanos.getAsLong();
    start.run();
    wroteUpTo(newestChange);
  }

  private void loadOrRest() throws TableUnavailableException {
    long now = nanos.getAsLong();
    if (complete) {
      keepLogShort(now);
    } else {
      loadPage();
    }
    lookForLeftMarks(now);
  }

  private void keepLogShort(long now) throws TableUnavailableException {
    if (!checkpoints.isDue(now)) {
      return;
    }
    checkpoints.begun(now);
    long pages = session.checkpoint();
    if (CheckpointPace.isLong(pages)) {
      restart.run();
    }
    checkpoints.done(nanos.getAsLong(), pages);
  }

  private void lookForLeftMarks(long now) throws TableUnavailableException {
    if (now - lastAdoption > ADOPTION_NANOS) {
      lastAdoption = now;
      if (session.hasLeftMarks()) {
        adoption.run();
      }
    }
  }

  private void loadPage() throws TableUnavailableException {
    applying.lock();
    try {
      RecordSession.Page page = session.readAfter(loadedTo, PAGE);
      page.records().forEach(index::put);
      loadedTo = page.lastKey();
      if (page.last()) {
        index.finishLoading();
        complete = true;
      }
    } finally {
      applying.unlock();
    }
    if (complete) {
      trouble.tell(() -> observer.loaded(index.size(), nanos.getAsLong() - loadStart));
    }
  }
}
