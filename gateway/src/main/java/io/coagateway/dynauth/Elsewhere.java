package io.coagateway.dynauth;

import io.coagateway.subscriber.SessionQuery;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Whoever may know of a session that the table has not, as the DHCPv6 servers do of its client. */
@FunctionalInterface
public interface Elsewhere {
  /** Nobody is asked. */
  Elsewhere NOBODY = (asked, deadline) -> CompletableFuture.completedFuture(Optional.of(""));

  /**
   * Looks for a session, and puts what it finds into the table. Called on the loop; may complete
   * anywhere.
   *
   * @param asked what found nothing in the table
   * @param deadlineNanos by when it has to be done
   * @return empty when the table is worth another look; else why not, in words, which are empty
   *     when nobody was asked
   */
  CompletionStage<Optional<String>> find(SessionQuery asked, long deadlineNanos);
}
