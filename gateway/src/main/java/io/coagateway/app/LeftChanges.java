package io.coagateway.app;

import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.TableObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Changes that a gateway which shared the table has left are repeated by this one. The table looks
 * for them once a second while it is open, and it is open before there is anybody to repeat them:
 * what is found in a start that takes that long waits.
 *
 * <p>From any thread.
 */
final class LeftChanges implements TableObserver {
  private final CompletableFuture<Consumer<List<PendingChange>>> repeating =
      new CompletableFuture<>();

  /** From now on {@code work} repeats them, and at once those that wait. */
  void repeatBy(Consumer<List<PendingChange>> work) {
    repeating.complete(work);
  }

  @Override
  public void left(List<PendingChange> changes) {
    CompletableFuture<Void> unused = repeating.thenAccept(work -> work.accept(changes));
  }
}
