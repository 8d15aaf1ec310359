package io.coagateway.subscriber;

import java.util.Optional;

/**
 * What the database fails to do, for those who look now and then, and told once to those who
 * listen. Writing and reading fail separately: a full disk can still be read.
 */
final class TableTrouble {
  private final TableObserver observer;
  private volatile Optional<String> writing = Optional.empty();
  private volatile Optional<String> reading = Optional.empty();

  TableTrouble(TableObserver observer) {
    this.observer = observer;
  }

  /** What fails; empty when all is well. */
  Optional<String> words() {
    return writing.or(() -> reading);
  }

  boolean isWriting() {
    return writing.isPresent();
  }

  /** How the last write went: empty, or what failed. */
  void writing(Optional<String> failure) {
    if (failure.isPresent() || writing.isPresent()) {
      change(
          () -> {
            writing = failure;
          });
    }
  }

  /** How the last question went: empty, or what failed. */
  void reading(Optional<String> failure) {
    if (failure.isPresent() || reading.isPresent()) {
      change(
          () -> {
            reading = failure;
          });
    }
  }

  private synchronized void change(Runnable change) {
    boolean before = words().isPresent();
    change.run();
    Optional<String> now = words();
    if (!before && now.isPresent()) {
      tell(() -> observer.troubled(now.get()));
    } else if (before && now.isEmpty()) {
      tell(observer::recovered);
    }
  }

  /**
   * Does what listeners take part in, and gives whether they all heard of it: one that throws is a
   * defect of ours, and ends nothing else.
   */
  boolean tell(Runnable telling) {
    return tell(observer, telling);
  }

  /** The same for who knows of no trouble. */
  static boolean tell(TableObserver observer, Runnable telling) {
    try {
      telling.run();
      return true;
    } catch (RuntimeException e) {
      observer.defect(e);
      return false;
    }
  }
}
