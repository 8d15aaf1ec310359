package io.coagateway.subscriber;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Look-ups that wait for the one thread that reads the database, so many at most. Any thread asks;
 * that thread takes what waits, catches up with the change log, and then answers, so that nobody is
 * told less than was so when he asked.
 */
final class LookupQueue {
  /** Nobody's: wakes the thread that reads. */
  private static final Question<?> CLOSING =
      new Question<>(() -> null, CompletableFuture.completedFuture(null));

  private final int limit;
  private final TableObserver observer;
  private final Executor completions;
  private final LinkedBlockingQueue<Question<?>> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final List<Question<?>> taken = new ArrayList<>(); // of the thread that reads
  private volatile boolean closed;
  private volatile boolean ended; // the thread that reads comes no more

  /** What finds the answer, on the thread that reads. */
  @FunctionalInterface
  interface Lookup<T> {
    T get() throws TableUnavailableException;
  }

  private record Question<T>(Lookup<T> lookup, CompletableFuture<T> result) {}

  /**
   * @param limit how many may wait
   * @param completions tells the answers
   */
  LookupQueue(int limit, TableObserver observer, Executor completions) {
    this.limit = limit;
    this.observer = observer;
    this.completions = completions;
  }

  /** Asks; refused at once when too many wait, or after {@link #close}. */
  <T> CompletableFuture<T> ask(Lookup<T> lookup) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (closed) {
      refuse(result, TableUnavailableException.Reason.CLOSED, "the table is closed");
    } else if (size.incrementAndGet() > limit) {
      size.decrementAndGet();
      refuse(
          result,
          TableUnavailableException.Reason.QUEUE_FULL,
          limit + " lookups wait for the database");
    } else {
      Question<T> question = new Question<>(lookup, result);
      waiting.add(question);
      if (ended && waiting.remove(question)) { // nobody else comes for it
        size.decrementAndGet();
        refuse(result, TableUnavailableException.Reason.CLOSED, "the table is closed");
      }
    }
    return result;
  }

  private void refuse(
      CompletableFuture<?> result, TableUnavailableException.Reason reason, String message) {
    TableTrouble.tell(observer, () -> observer.unavailable(reason, 1));
    result.completeExceptionally(new TableUnavailableException(reason, message));
  }

  /** How many wait. */
  int waiting() {
    return size.get();
  }

  /**
   * Nobody is let in any more; who waits is answered still, or told by {@link #end}. Ends the wait
   * of {@link #take}, of which there may be a minute left.
   */
  void close() {
    closed = true;
    waiting.add(CLOSING);
  }

  /**
   * Takes all that wait, for {@link #answer}. Of the thread that reads, as everything below.
   *
   * @param patienceNanos how long to wait for the first one; 0: not at all
   */
  void take(long patienceNanos) throws InterruptedException {
    try {
      if (waiting.isEmpty() && patienceNanos > 0) {
        Question<?> first = waiting.poll(patienceNanos, TimeUnit.NANOSECONDS);
        if (first != null) {
          taken.add(first);
        }
      }
    } finally {
      takeRest();
    }
  }

  private void takeRest() {
    waiting.drainTo(taken);
    taken.removeIf(CLOSING::equals);
    size.addAndGet(-taken.size());
  }

  /**
   * Answers what was taken.
   *
   * @param failure why the database cannot be asked; empty: it can
   */
  void answer(Optional<TableUnavailableException> failure) {
    if (taken.isEmpty()) {
      return;
    }
    List<Runnable> told = new ArrayList<>(taken.size());
    for (Question<?> question : taken) {
      told.add(failure.isPresent() ? failing(question, failure.get()) : answered(question));
    }
    taken.clear();
    Runnable all = () -> told.forEach(Runnable::run);
    try {
      completions.execute(all);
    } catch (RejectedExecutionException e) {
      all.run(); // the loop is gone; whoever still waits must not wait for ever
    }
  }

  private <T> Runnable answered(Question<T> question) {
    try {
      T value = question.lookup().get();
      return () -> question.result().complete(value);
    } catch (TableUnavailableException e) {
      return failing(question, e);
    } catch (RuntimeException e) {
      observer.defect(e);
      return failing(question, TableUnavailableException.ofDefect(e));
    }
  }

  private Runnable failing(Question<?> question, TableUnavailableException e) {
    TableTrouble.tell(observer, () -> observer.unavailable(e.reason(), 1));
    return () -> question.result().completeExceptionally(e);
  }

  /** Tells whoever waits that the table is closed. */
  void end() {
    ended = true; // first: who sees it not yet is among those that are told
    takeRest();
    TableUnavailableException gone =
        new TableUnavailableException(
            TableUnavailableException.Reason.CLOSED, "the table is closed");
    taken.forEach(question -> question.result().completeExceptionally(gone));
    taken.clear();
  }
}
