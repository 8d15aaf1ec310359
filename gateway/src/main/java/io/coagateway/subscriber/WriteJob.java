package io.coagateway.subscriber;

import java.util.concurrent.CompletableFuture;

/** One request to the writer thread. */
abstract class WriteJob<T> {
  /** What becomes of a request when the database fails. */
  enum OnFailure {
    /** The caller hears of it, nothing was done. */
    GIVE_UP,
    /** Its outcome is decided elsewhere: it is tried again until it is done. */
    TRY_AGAIN
  }

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final OnFailure onFailure;
  private T answer;

  WriteJob(OnFailure onFailure) {
    this.onFailure = onFailure;
  }

  final CompletableFuture<T> result() {
    return result;
  }

  final OnFailure onFailure() {
    return onFailure;
  }

  /** The work; when it refuses because of a record it has written nothing. */
  abstract T run(WriteRound round)
      throws TableUnavailableException, StaleRecordException, HeldElsewhereException;

  final void runIn(WriteRound round)
      throws TableUnavailableException, StaleRecordException, HeldElsewhereException {
    answer = run(round);
  }

  /** Tells the caller, after the commit. */
  final void complete() {
    result.complete(answer);
  }
}
