package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.subscriber.TableUnavailableException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whoever asks is answered once: from the database, or with the reason why not. */
class LookupQueueTest {
  private final List<Runnable> loop = new ArrayList<>();
  private final List<Reason> refusals = new ArrayList<>();
  private final TableObserver observer =
      new TableObserver() {
        @Override
        public void unavailable(Reason reason, int requests) {
          refusals.add(reason);
        }
      };

  private final LookupQueue queue = queue(loop::add);

  private LookupQueue queue(Executor completions) {
    return new LookupQueue(2, observer, completions);
  }

  private static void assertRefused(CompletableFuture<?> result, String message) {
    assertThat(result).isCompletedExceptionally();
    assertThatThrownBy(result::join)
        .hasCauseInstanceOf(TableUnavailableException.class)
        .hasMessageContaining(message);
  }

  @Test
  void answersOnTheLoopInTheOrderOfTheQuestions() throws InterruptedException {
    List<String> told = new ArrayList<>();
    CompletableFuture<String> one = queue.ask(() -> "one");
    CompletableFuture<String> two = queue.ask(() -> "two");
    var unused = one.thenAccept(told::add);
    var unusedToo = two.thenAccept(told::add);
    assertThat(queue.waiting()).isEqualTo(2);
    queue.take(0);
    assertThat(queue.waiting()).isZero();
    queue.answer(Optional.empty());
    assertThat(one).isNotDone();
    loop.remove(0).run();
    assertThat(loop).isEmpty();
    assertThat(told).containsExactly("one", "two");
  }

  @Test
  void takesNoMoreThanItsLimit() throws InterruptedException {
    CompletableFuture<String> one = queue.ask(() -> "one");
    CompletableFuture<String> two = queue.ask(() -> "two");
    assertRefused(queue.ask(() -> "three"), "2 lookups wait for the database");
    queue.take(0);
    CompletableFuture<String> four = queue.ask(() -> "four");
    queue.answer(Optional.empty());
    loop.remove(0).run();
    assertThat(List.of(one.join(), two.join())).containsExactly("one", "two");
    assertThat(four).as("waits for the next round").isNotDone();
    assertThat(refusals).containsExactly(Reason.QUEUE_FULL);
  }

  @Test
  void tellsEachWhoWaitsWhyTheDatabaseCannotBeAsked() throws InterruptedException {
    CompletableFuture<String> asked = queue.ask(() -> "one");
    CompletableFuture<String> fails =
        queue.ask(
            () -> {
              throw new TableUnavailableException(Reason.FAILED, "this one alone");
            });
    queue.take(0);
    queue.answer(Optional.empty());
    loop.remove(0).run();
    assertThat(asked.join()).isEqualTo("one");
    assertRefused(fails, "this one alone");

    CompletableFuture<String> later = queue.ask(() -> "two");
    queue.take(0);
    queue.answer(Optional.of(new TableUnavailableException(Reason.FAILED, "the disk is gone")));
    loop.remove(0).run();
    assertRefused(later, "the disk is gone");
    assertThat(refusals).containsExactly(Reason.FAILED, Reason.FAILED);
  }

  @Test
  void leavesNobodyWaitingWhenItIsClosed() {
    CompletableFuture<String> before = queue.ask(() -> "one");
    queue.close();
    assertRefused(queue.ask(() -> "two"), "the table is closed");
    assertThat(before).isNotDone();
    queue.end();
    assertRefused(before, "the table is closed");
    assertThat(queue.waiting()).isZero();
  }

  @Test
  @DisplayName("who waits for a lookup that may come in an hour is woken when the table is closed")
  void wakesWhoTakes() throws InterruptedException {
    queue.close();
    queue.take(Duration.ofHours(1).toNanos());
    queue.answer(Optional.of(new TableUnavailableException(Reason.FAILED, "the disk is gone")));
    assertThat(loop).as("nobody asked").isEmpty();
    assertThat(queue.waiting()).isZero();
    assertThat(refusals).isEmpty();
  }

  /** He has found it open, and asks when the thread that reads is at its end. */
  @Test
  void leavesNobodyWaitingWhoAsksWhileItEnds() {
    queue.end();
    assertRefused(queue.ask(() -> "one"), "the table is closed");
    assertThat(queue.waiting()).isZero();
    assertThat(refusals).containsExactly(Reason.CLOSED);
  }

  @Test
  void answersByItselfWhenTheLoopIsGone() throws InterruptedException {
    LookupQueue orphan =
        queue(
            work -> {
              throw new RejectedExecutionException();
            });
    CompletableFuture<String> asked = orphan.ask(() -> "one");
    orphan.take(0);
    orphan.answer(Optional.empty());
    assertThat(asked).isCompletedWithValue("one");
  }

  /** A defect of the listener's: the thread that reads must not end with it. */
  @Test
  void answersAlsoWhereNobodyCanHearOfTheFailure() throws InterruptedException {
    List<Throwable> defects = new ArrayList<>();
    LookupQueue unheard =
        new LookupQueue(
            2,
            new TableObserver() {
              @Override
              public void unavailable(Reason reason, int requests) {
                throw new IllegalStateException("deaf");
              }

              @Override
              public void defect(Throwable defect) {
                defects.add(defect);
              }
            },
            Runnable::run);
    CompletableFuture<String> asked = unheard.ask(() -> "one");
    CompletableFuture<String> other = unheard.ask(() -> "two");
    unheard.take(0);
    unheard.answer(Optional.of(new TableUnavailableException(Reason.FAILED, "the disk is gone")));
    assertRefused(asked, "the disk is gone");
    assertRefused(other, "the disk is gone");
    unheard.close();
    assertRefused(unheard.ask(() -> "three"), "the table is closed");
    assertThat(defects).hasSize(3).allSatisfy(one -> assertThat(one).hasMessage("deaf"));
  }

  @Test
  void isNotHeldUpWhenNothingWaits() throws InterruptedException {
    queue.take(0);
    queue.answer(Optional.empty());
    assertThat(loop).isEmpty();
  }
}
