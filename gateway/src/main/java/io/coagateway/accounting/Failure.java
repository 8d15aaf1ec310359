package io.coagateway.accounting;

import io.coagateway.subscriber.TableUnavailableException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Why a stage failed. */
final class Failure {
  private Failure() {}

  /** The defect of ours that it was; empty when the table was not available, as may happen. */
  static Optional<Throwable> defectIn(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof TableUnavailableException ? Optional.empty() : Optional.of(cause);
  }
}
