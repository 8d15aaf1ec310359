package io.coagateway.subscriber;

import java.util.concurrent.CompletableFuture;

/** One request to the writer thread. */
abstract class WriteJob<T> {
  /** What becomes of a request when the database fails, and how urgent it is. */
  enum Kind {
    /** The caller hears of a failure, nothing was done. */
    GIVES_UP,
    /** Its outcome is decided elsewhere: it is tried again until it is done. */
    TRIES_AGAIN,
    /** The same, and nobody's answer depends on when. */
    HAS_TIME
  }

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Kind kind;
  private T answer;
  private boolean unheard;

  WriteJob(Kind kind) {
    this.kind = kind;
  }

  final CompletableFuture<T> result() {
    return result;
  }

  final boolean mayBeRefused() {
    return kind == Kind.GIVES_UP;
  }

  final boolean isAwaited() {
    return kind != Kind.HAS_TIME;
  }

  /** The commit of a round with this job failed, and may have been done all the same. */
  final void commitUnheard() {
    unheard = true;
  }

  /** Whether an earlier try may have been committed: nobody has been told of it then. */
  final boolean mayBeDone() {
    return unheard;
  }

  /** The work; when it refuses because of a record it has written nothing. */
  abstract T run(WriteRound round)
      throws TableUnavailableException, StaleRecordException, HeldElsewhereException;

  final void runIn(WriteRound round)
      throws TableUnavailableException, StaleRecordException, HeldElsewhereException {
    try {
      answer = run(round);
    } catch (RuntimeException e) {
      throw TableUnavailableException.ofDefect(e); // the thread must go on: nobody else writes
    }
  }

  /** Tells the caller, after the commit. */
  final void complete() {
    result.complete(answer);
  }
}
