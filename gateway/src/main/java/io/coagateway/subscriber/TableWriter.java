package io.coagateway.subscriber;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The one thread that writes. Everything that waits when a transaction begins goes into it (group
 * commit); all that it decided is told in one task.
 *
 * <p>An acknowledged change is first only marked so, near the end of a small table; the records
 * themselves are rewritten later in the order of their keys, many to a page, a slice at a time.
 */
final class TableWriter implements Runnable {
  private static final int LAST_MERGES = 8; // the next start merges what is left
  private static final int LAST_SLICE = 1024;

  private static final long LOG_LIMIT = 512L << 20; // octets
  private static final long LOG_AT_REST = 32L << 20;
  private static final int LOOK_AT_LOG = 64; // rounds
  private static final long PROBE_NANOS = 1_000_000_000L;

  /** Who has waited longer has little time left for another try. */
  private static final long PATIENCE_NANOS = 4_000_000_000L;

  private final StoreSession session;
  private final MemoryIndex index;
  private final TableFollower follower;
  private final TableObserver observer;
  private final TableTrouble trouble;
  private final Executor completions;
  private final LongSupplier nanos;
  private final int queueLimit;

  private final WriteQueue queue;
  private List<WriteJob<?>> again = new ArrayList<>();
  private boolean closing; // this round is the last
  private volatile boolean logIsLong;
  private final AtomicInteger unmerged = new AtomicInteger();
  private long mergedTo;
  private int rounds;
  private TableUnavailableException failure; // the last one
  private long lastProbe;

  TableWriter(
      StoreSession session,
      MemoryIndex index,
      TableFollower follower,
      TableObserver observer,
      TableTrouble trouble,
      Executor completions,
      LongSupplier nanos,
      int queueLimit)
      throws TableUnavailableException {
    this.session = session;
    this.index = index;
    this.follower = follower;
    this.observer = observer;
    this.trouble = trouble;
    this.completions = completions;
    this.nanos = nanos;
    this.queueLimit = queueLimit;
    this.queue = new WriteQueue(completions, queueLimit);
    unmerged.set(session.acknowledged());
  }

  /** Takes a request; one that may be refused is, when too many wait. */
  void submit(WriteJob<?> job) {
    switch (queue.add(job)) {
      case ADDED -> {}
      case FULL ->
          refuse(
              job,
              TableUnavailableException.Reason.QUEUE_FULL,
              queueLimit + " requests wait for the database");
      case CLOSED -> refuse(job, TableUnavailableException.Reason.CLOSED, "the table is closed");
    }
  }

  private void refuse(WriteJob<?> job, TableUnavailableException.Reason reason, String message) {
    trouble.tell(() -> observer.unavailable(reason, 1));
    job.result().completeExceptionally(new TableUnavailableException(reason, message));
  }

  int queued() {
    return queue.size();
  }

  int unmerged() {
    return unmerged.get();
  }

  /** No more requests; the thread ends when what waits is done. */
  void close() {
    queue.close();
  }

  @Override
  public void run() {
    List<WriteJob<?>> jobs = new ArrayList<>();
    while (true) {
      jobs.clear();
      jobs.addAll(again);
      again = new ArrayList<>();
      int old = jobs.size();
      queue.take(jobs);
      boolean idle = jobs.size() == old;
      closing = queue.isDone();
      int acknowledged = jobs.isEmpty() ? 0 : round(jobs);
      mergeSome(acknowledged, idle);
      boundLog(idle);
      probe();
      if (closing) {
        break;
      }
    }
    finish();
  }

  /** One transaction; gives how many marks it acknowledged. */
  private int round(List<WriteJob<?>> jobs) {
    return round(jobs, nanos.getAsLong(), true);
  }

  /**
   * @param start when it began for those who wait
   * @param first whether it may be tried once more
   */
  private int round(List<WriteJob<?>> jobs, long start, boolean first) {
    List<Runnable> told = new ArrayList<>(jobs.size());
    List<Long> marks = List.of();
    boolean begun = false;
    boolean unheard = false;
    try {
      session.begin();
      begun = true;
      StoreSession.Change newest = session.newestChange();
      boolean exact = follower.hasApplied(newest);
      WriteRound round = new WriteRound(session, index, exact);
      for (WriteJob<?> job : jobs) {
        try {
          job.runIn(round);
          told.add(job::complete);
        } catch (StaleRecordException | HeldElsewhereException e) {
          told.add(() -> job.result().completeExceptionally(e));
        }
      }
      int acknowledged = round.finish();
      boolean done;
      StoreSession.Change newestNow = session.newestChange();
      ReentrantLock applying = follower.applying();
      applying.lock();
      try {
        unheard = session.mayCommitUnheard();
        marks = unheard ? round.marks() : List.of();
        session.commit();
        marks = List.of();
        done = round.runAfterCommit(trouble);
      } finally {
        applying.unlock();
      }
      if (exact && done) {
        follower.wroteUpTo(newestNow); // all of it ours, and the index has it
      }
      unmerged.addAndGet(acknowledged);
      trouble.writing(Optional.empty());
      trouble.tell(() -> observer.committed(jobs.size(), nanos.getAsLong() - start));
      tell(told);
      return acknowledged;
    } catch (TableUnavailableException e) {
      session.rollBack();
      if (e.reason() == TableUnavailableException.Reason.REFUSED) {
        return refused(jobs, e);
      }
      // beginning is the session's own to try again
      if (first && begun && !unheard && e.isPassing() && isWithinPatience(start)) {
        return round(jobs, start, false);
      }
      fail(jobs, e, unheard, marks);
      return 0;
    } catch (RuntimeException e) {
      session.rollBack();
      observer.defect(e);
      fail(jobs, TableUnavailableException.ofDefect(e), unheard, marks);
      return 0;
    }
  }

  private boolean isWithinPatience(long start) {
    return nanos.getAsLong() - start < PATIENCE_NANOS;
  }

  /** When nobody asks for anything, a write of our own shows whether the trouble is over. */
  private void probe() {
    if (!trouble.isWriting() || closing || nanos.getAsLong() - lastProbe < PROBE_NANOS) {
      return;
    }
    lastProbe = nanos.getAsLong();
    boolean done =
        tried(
            () -> {
              session.begin();
              session.logNothing();
              session.commit();
            });
    if (done) {
      trouble.writing(Optional.empty());
    }
  }

  /** What this thread does that nobody has asked for. */
  @FunctionalInterface
  private interface Work {
    void run() throws TableUnavailableException;
  }

  /** Whether it was done; this thread goes on whatever happens, since nobody else writes. */
  private boolean tried(Work work) {
    TableUnavailableException failure;
    try {
      work.run();
      return true;
    } catch (TableUnavailableException e) {
      failure = e;
    } catch (RuntimeException e) {
      observer.defect(e);
      failure = TableUnavailableException.ofDefect(e);
    }
    session.rollBack();
    trouble.writing(Optional.of(failure.getMessage()));
    return false;
  }

  /**
   * The database is well, but does not take what one of these requests is about. The others shall
   * not suffer from that, so each gets a transaction of its own; the one is not tried again, as it
   * would be refused for ever. Gives how many marks were acknowledged.
   */
  private int refused(List<WriteJob<?>> jobs, TableUnavailableException e) {
    if (jobs.size() > 1) {
      int acknowledged = 0;
      failure = null;
      for (int i = 0; i < jobs.size(); i++) {
        if (failure != null) { // the database itself: nobody waits for it once for each
          fail(jobs.subList(i, jobs.size()), failure);
          break;
        }
        acknowledged += round(List.of(jobs.get(i)));
      }
      return acknowledged;
    }
    if (e.getCause() != null) {
      observer.defect(e.getCause());
    }
    trouble.tell(() -> observer.unavailable(e.reason(), 1));
    WriteJob<?> job = jobs.get(0);
    tell(List.of(() -> job.result().completeExceptionally(e)));
    return 0;
  }

  /**
   * A round has failed.
   *
   * @param unheard whether its commit may have been done all the same
   * @param marks that are there then, and of which nobody was told
   */
  private void fail(
      List<WriteJob<?>> jobs, TableUnavailableException e, boolean unheard, List<Long> marks) {
    if (unheard) {
      jobs.forEach(WriteJob::commitUnheard);
    }
    fail(jobs, e);
    if (!marks.isEmpty()) {
      again.add(WriteJobs.forget(marks));
    }
  }

  private void fail(List<WriteJob<?>> jobs, TableUnavailableException e) {
    failure = e;
    trouble.writing(Optional.of(e.getMessage()));
    trouble.tell(() -> observer.unavailable(e.reason(), jobs.size()));
    for (WriteJob<?> job : jobs) {
      if (!job.mayBeRefused() && !closing) {
        again.add(job);
      }
    }
    tell(jobs.stream().<Runnable>map(job -> () -> job.result().completeExceptionally(e)).toList());
  }

  private void tell(List<Runnable> outcomes) {
    Runnable all = () -> outcomes.forEach(Runnable::run);
    try {
      completions.execute(all);
    } catch (RejectedExecutionException e) {
      all.run(); // the loop is gone; whoever still waits must not wait for ever
    }
  }

  private void mergeSome(int acknowledged, boolean idle) {
    int due = MergePace.due(unmerged.get(), acknowledged);
    boolean going = due == 0 || merge(due);
    while (going && !queue.isReady() && MergePace.isWorthwhile(unmerged.get(), idle)) {
      going = merge(MergePace.SLICE);
    }
  }

  /** Whether the database let us. */
  private boolean merge(int marks) {
    return tried(
        () -> {
          session.begin();
          StoreSession.Merged merged = session.merge(mergedTo, marks);
          session.commit();
          mergedTo = merged.lastKey();
          unmerged.addAndGet(-merged.marks());
          if (mergedTo == 0 && merged.marks() == 0) {
            unmerged.set(session.acknowledged()); // some were superseded by newer writes
          }
        });
  }

  /** Begins the log anew between two rounds. */
  void restartLog() {
    logIsLong = true;
  }

  /**
   * To begin the log anew takes some milliseconds right after the follower has written most of it
   * back, since it waits for the disk. Whoever reads the database for long prevents that; then the
   * log grows to its limit and is emptied when he is gone. What a load has made long is given back
   * when it is over.
   */
  private void boundLog(boolean idle) {
    if (logIsLong) {
      logIsLong = false;
      tried(session::restartLog);
    }
    if (++rounds % LOOK_AT_LOG == 0) {
      tried(
          () -> {
            if (session.logSize() > (idle ? LOG_AT_REST : LOG_LIMIT)) {
              session.truncateLog();
            }
          });
    }
  }

  private void finish() {
    for (int i = 0; unmerged.get() > 0 && i < LAST_MERGES; i++) {
      merge(LAST_SLICE);
    }
    tried(session::truncateLog);
    session.close();
  }
}
