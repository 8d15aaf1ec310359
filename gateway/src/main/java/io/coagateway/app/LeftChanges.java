package io.coagateway.app;

import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.TableObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Changes that a gateway which shared the table has left are repeated by this one. The table looks
 * for them once a second while it is open, and it is open before there is anybody to repeat them:
 * what is found in a start that takes that long waits. Nobody holds their subscribers meanwhile, so
 * that they are found again: each waits once.
 *
 * <p>From any thread.
 */
final class LeftChanges implements TableObserver {
  private final CompletableFuture<Consumer<List<PendingChange>>> repeating =
      new CompletableFuture<>();

  /** The marks of those that the start repeats. */
  private final Set<Long> waiting = ConcurrentHashMap.newKeySet();

  /** These will be repeated by themselves: they were found when the table was opened. */
  void foundAtStart(List<PendingChange> changes) {
    changes.forEach(change -> waiting.add(change.mark()));
  }

  /** From now on {@code work} repeats them, and at once those that wait. */
  void repeatBy(Consumer<List<PendingChange>> work) {
    repeating.complete(work);
    waiting.clear();
  }

  @Override
  public void left(List<PendingChange> changes) {
    List<PendingChange> found = repeating.isDone() ? changes : withoutThoseThatWait(changes);
    CompletableFuture<Void> unused = repeating.thenAccept(work -> work.accept(found));
  }

  private List<PendingChange> withoutThoseThatWait(List<PendingChange> changes) {
    List<PendingChange> others =
        changes.stream().filter(change -> waiting.add(change.mark())).toList();
    return others.size() == changes.size() ? changes : others;
  }
}
