package io.coagateway.subscriber;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The one thread that writes. Everything that waits when a transaction begins goes into it (group
 * commit); all that it decided is told in one task. What one task of the callers' loop asks for is
 * handed over together behind that task: the thread would otherwise wake for the first request of a
 * burst and spend a transaction on it alone.
 *
 * <p>An acknowledged change is first only marked so, near the end of a small table; the records
 * themselves are rewritten later in the order of their keys, many to a page, a slice at a time.
 */
final class TableWriter implements Runnable {
  private static final int ROUND_LIMIT = 2048; // and the rest of a burst

  /**
   * Acknowledged marks that may wait: their index stays a few pages, which is why they are fast.
   */
  private static final int MERGE_ABOVE = 4096;

  private static final int MERGE_SLICE = 1024;
  private static final long IDLE_MILLIS = 100;
  private static final long LOG_LIMIT = 128L << 20; // octets
  private static final int LOOK_AT_LOG = 64; // rounds
  private static final long PROBE_NANOS = 1_000_000_000L;

  private final StoreSession session;
  private final MemoryIndex index;
  private final TableFollower follower;
  private final TableObserver observer;
  private final TableTrouble trouble;
  private final Executor completions;
  private final LongSupplier nanos;
  private final int queueLimit;

  private final Object gathering = new Object();
  private List<WriteJob<?>> gathered = new ArrayList<>(); // guarded by gathering
  private final LinkedBlockingQueue<List<WriteJob<?>>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger queued = new AtomicInteger(); // gathered or in the queue
  private final AtomicInteger refusable = new AtomicInteger(); // those that count for the limit
  private List<WriteJob<?>> again = new ArrayList<>();
  private volatile boolean closed;
  private volatile boolean logIsLong;
  private final AtomicInteger unmerged = new AtomicInteger();
  private long mergedTo;
  private int rounds;
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
    unmerged.set(session.acknowledged());
  }

  /** Takes a request; one that may be refused is, when too many wait. */
  void submit(WriteJob<?> job) {
    boolean mayRefuse = job.onFailure() == WriteJob.OnFailure.GIVE_UP;
    if (closed) {
      refuse(job, TableUnavailableException.Reason.CLOSED, "the table is closed");
    } else if (mayRefuse && refusable.incrementAndGet() > queueLimit) {
      refusable.decrementAndGet();
      refuse(
          job,
          TableUnavailableException.Reason.QUEUE_FULL,
          queueLimit + " requests wait for the database");
    } else {
      gather(job);
    }
  }

  private void gather(WriteJob<?> job) {
    queued.incrementAndGet();
    boolean first;
    synchronized (gathering) {
      gathered.add(job);
      first = gathered.size() == 1;
    }
    if (first) {
      try {
        completions.execute(this::handOver);
      } catch (RejectedExecutionException e) {
        handOver(); // the loop is gone, and nobody comes behind
      }
    }
  }

  private void handOver() {
    List<WriteJob<?>> burst;
    synchronized (gathering) {
      burst = gathered;
      gathered = new ArrayList<>(burst.size());
    }
    if (!burst.isEmpty()) {
      queue.add(burst);
    }
  }

  private void refuse(WriteJob<?> job, TableUnavailableException.Reason reason, String message) {
    observer.unavailable(reason, 1);
    job.result().completeExceptionally(new TableUnavailableException(reason, message));
  }

  int queued() {
    return queued.get();
  }

  int unmerged() {
    return unmerged.get();
  }

  /** No more requests; the thread ends when what waits is done. */
  void close() {
    closed = true;
  }

  @Override
  public void run() {
    List<WriteJob<?>> jobs = new ArrayList<>();
    while (true) {
      jobs.clear();
      jobs.addAll(again);
      again = new ArrayList<>();
      boolean waited = takeMore(jobs);
      if (!jobs.isEmpty()) {
        round(jobs);
      }
      boolean last = closed && queued.get() == 0;
      if (unmerged.get() > MERGE_ABOVE || (waited && unmerged.get() > 0)) {
        mergeSlice();
      }
      boundLog();
      probe();
      if (last) {
        break;
      }
    }
    finish();
  }

  /** Adds what waits; whether it had to wait for it itself. */
  private boolean takeMore(List<WriteJob<?>> jobs) {
    if (closed) {
      handOver(); // the loop may have ended before it could
    }
    boolean idle = !takeBursts(jobs) && !closed;
    if (idle) {
      try {
        List<WriteJob<?>> burst = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (burst != null) {
          take(burst, jobs);
          takeBursts(jobs);
          idle = false;
        }
      } catch (InterruptedException e) {
        closed = true; // somebody wants this thread to end: what waits is still written
      }
    }
    return idle;
  }

  private boolean takeBursts(List<WriteJob<?>> jobs) {
    boolean any = false;
    while (jobs.size() < ROUND_LIMIT) {
      List<WriteJob<?>> burst = queue.poll();
      if (burst == null) {
        break;
      }
      take(burst, jobs);
      any = true;
    }
    return any;
  }

  private void take(List<WriteJob<?>> burst, List<WriteJob<?>> jobs) {
    queued.addAndGet(-burst.size());
    jobs.addAll(burst);
    for (WriteJob<?> job : burst) {
      if (job.onFailure() == WriteJob.OnFailure.GIVE_UP) {
        refusable.decrementAndGet();
      }
    }
  }

  private void round(List<WriteJob<?>> jobs) {
    long start = nanos.getAsLong();
    List<Runnable> told = new ArrayList<>(jobs.size());
    List<Long> marks = List.of();
    try {
      session.begin();
      long newest = session.newestChange();
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
      long newestNow = session.newestChange();
      ReentrantLock applying = follower.applying();
      applying.lock();
      try {
        marks = session.mayCommitUnheard() ? round.marks() : List.of();
        session.commit();
        marks = List.of();
        round.runAfterCommit();
      } finally {
        applying.unlock();
      }
      if (exact) {
        follower.wroteUpTo(newestNow); // all of it ours, and the index has it
      }
      unmerged.addAndGet(acknowledged);
      trouble.writing(Optional.empty());
      observer.committed(jobs.size(), nanos.getAsLong() - start);
      tell(told);
    } catch (TableUnavailableException e) {
      session.rollBack();
      fail(jobs, e);
      if (!marks.isEmpty()) {
        again.add(WriteJobs.forget(marks));
      }
    }
  }

  /** When nobody asks for anything, a write of our own shows whether the trouble is over. */
  private void probe() {
    if (!trouble.isWriting() || closed || nanos.getAsLong() - lastProbe < PROBE_NANOS) {
      return;
    }
    lastProbe = nanos.getAsLong();
    try {
      session.begin();
      session.logNothing();
      session.commit();
      trouble.writing(Optional.empty());
    } catch (TableUnavailableException e) {
      session.rollBack();
      trouble.writing(Optional.of(e.getMessage()));
    }
  }

  private void fail(List<WriteJob<?>> jobs, TableUnavailableException e) {
    trouble.writing(Optional.of(e.getMessage()));
    observer.unavailable(e.reason(), jobs.size());
    for (WriteJob<?> job : jobs) {
      if (job.onFailure() == WriteJob.OnFailure.TRY_AGAIN && !closed) {
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

  private void mergeSlice() {
    try {
      session.begin();
      StoreSession.Merged merged = session.merge(mergedTo, MERGE_SLICE);
      session.commit();
      mergedTo = merged.lastKey();
      unmerged.addAndGet(-merged.marks());
      if (mergedTo == 0 && merged.marks() == 0) {
        unmerged.set(session.acknowledged()); // some were superseded by newer writes
      }
    } catch (TableUnavailableException e) {
      session.rollBack();
      trouble.writing(Optional.of(e.getMessage()));
    }
  }

  /** Begins the log anew between two rounds. */
  void restartLog() {
    logIsLong = true;
  }

  /**
   * Reusing a short log costs less than adding to a long one, and emptying it takes milliseconds
   * right after the follower has written most of it back. Whoever reads the database for long
   * prevents that; then the log grows to its limit and is emptied when he is gone.
   */
  private void boundLog() {
    if (logIsLong) {
      logIsLong = false;
      try {
        session.restartLog();
      } catch (TableUnavailableException e) {
        trouble.writing(Optional.of(e.getMessage()));
      }
    }
    if (++rounds % LOOK_AT_LOG == 0 && session.logSize() > LOG_LIMIT) {
      try {
        session.truncateLog();
      } catch (TableUnavailableException e) {
        trouble.writing(Optional.of(e.getMessage()));
      }
    }
  }

  private void finish() {
    for (int i = 0; unmerged.get() > 0 && i <= 2 * MERGE_ABOVE / MERGE_SLICE; i++) {
      mergeSlice();
    }
    try {
      session.truncateLog();
    } catch (TableUnavailableException e) {
      trouble.writing(Optional.of(e.getMessage()));
    }
    session.close();
  }
}
