package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
  private static final int LIMIT = 40;

  private final Queue<Runnable> loop = new ArrayDeque<>(); // tasks behind the one that runs
  private final WriteQueue queue = new WriteQueue(loop::add, LIMIT);

  private static WriteJob<Void> job(WriteJob.Kind kind) {
    return new WriteJob<>(kind) {
      @Override
      Void run(WriteRound round) {
        return null;
      }
    };
  }

  private WriteJob<?> add(WriteJob.Kind kind) {
    WriteJob<?> job = job(kind);
    assertThat(queue.add(job)).isEqualTo(WriteQueue.Admission.ADDED);
    return job;
  }

  private List<WriteJob<?>> take() {
    List<WriteJob<?>> jobs = new ArrayList<>();
    queue.take(jobs);
    return jobs;
  }

  private void endTask() {
    while (!loop.isEmpty()) {
      loop.remove().run();
    }
  }

  /** As after a round. */
  private void makeBusy() {
    add(WriteJob.Kind.GIVES_UP);
    endTask();
    assertThat(take()).hasSize(1);
  }

  @Test
  @DisplayName("what one task asks for is given together, in its order, behind the task")
  void oneTaskTogether() {
    List<WriteJob<?>> asked =
        List.of(
            add(WriteJob.Kind.GIVES_UP),
            add(WriteJob.Kind.HAS_TIME),
            add(WriteJob.Kind.TRIES_AGAIN),
            add(WriteJob.Kind.GIVES_UP));
    assertThat(loop).as("one task for all of them").hasSize(1);
    assertThat(take()).as("before the task's end").isEmpty();
    endTask();
    assertThat(take()).isEqualTo(asked);
    assertThat(queue.size()).isZero();
  }

  @Test
  @DisplayName("who asks learns whether somebody waits for the thread")
  void readiness() {
    assertThat(queue.isReady()).isFalse();
    add(WriteJob.Kind.GIVES_UP);
    assertThat(queue.isReady()).as("before the task's end").isFalse();
    endTask();
    assertThat(queue.isReady()).isTrue();
    assertThat(take()).hasSize(1);
    assertThat(queue.isReady()).isFalse();
    add(WriteJob.Kind.HAS_TIME);
    assertThat(queue.isReady()).as("nobody waits for it").isFalse();
    queue.close();
    assertThat(queue.isReady()).isTrue();
  }

  @Test
  @DisplayName("sixteen do not wait for the end of their task")
  void sixteenAtOnce() {
    for (int i = 0; i < 15; i++) {
      add(WriteJob.Kind.GIVES_UP);
    }
    assertThat(take()).isEmpty();
    add(WriteJob.Kind.GIVES_UP);
    assertThat(take()).hasSize(16);
    add(WriteJob.Kind.GIVES_UP);
    assertThat(loop).as("the task was announced already").hasSize(1);
    endTask();
    assertThat(take()).hasSize(1);
  }

  @Test
  @DisplayName("what nobody waits for goes along with the next that somebody waits for")
  void goesAlong() {
    makeBusy();
    WriteJob<?> patient = add(WriteJob.Kind.HAS_TIME);
    assertThat(loop).as("the thread is not woken").isEmpty();
    WriteJob<?> urgent = add(WriteJob.Kind.GIVES_UP);
    endTask();
    assertThat(take()).isEqualTo(List.of(patient, urgent));
  }

  @Test
  @DisplayName("or alone, when nobody came for a moment")
  void goesAlone() {
    makeBusy();
    List<WriteJob<?>> patient = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      patient.add(add(WriteJob.Kind.HAS_TIME));
    }
    assertThat(loop).isEmpty();
    assertThat(take()).isEqualTo(patient);
  }

  @Test
  @DisplayName("or at once, when the thread has had nothing to do for a while")
  void wakesAnIdleThread() {
    makeBusy();
    assertThat(take()).isEmpty();
    WriteJob<?> patient = add(WriteJob.Kind.HAS_TIME);
    assertThat(loop).hasSize(1);
    endTask();
    assertThat(take()).isEqualTo(List.of(patient));
  }

  @Test
  @DisplayName("above the limit only what may be refused is refused")
  void refusesAboveTheLimit() {
    for (int i = 0; i < LIMIT; i++) {
      add(WriteJob.Kind.GIVES_UP);
    }
    assertThat(queue.add(job(WriteJob.Kind.GIVES_UP))).isEqualTo(WriteQueue.Admission.FULL);
    add(WriteJob.Kind.TRIES_AGAIN);
    add(WriteJob.Kind.HAS_TIME);
    assertThat(take()).hasSize(LIMIT + 2);
    add(WriteJob.Kind.GIVES_UP);
  }

  @Test
  @DisplayName("closed, it gives what waits and takes no more")
  void closed() {
    makeBusy();
    WriteJob<?> patient = add(WriteJob.Kind.HAS_TIME);
    queue.close();
    assertThat(queue.isDone()).isFalse();
    assertThat(queue.add(job(WriteJob.Kind.HAS_TIME))).isEqualTo(WriteQueue.Admission.CLOSED);
    assertThat(take()).isEqualTo(List.of(patient));
    assertThat(queue.isDone()).isTrue();
  }

  @Test
  @DisplayName("an interrupt closes it")
  void interrupted() {
    WriteJob<?> last = add(WriteJob.Kind.GIVES_UP);
    Thread.currentThread().interrupt();
    assertThat(take()).isEqualTo(List.of(last));
    assertThat(Thread.interrupted()).isFalse();
    assertThat(queue.isDone()).isTrue();
  }

  @Test
  @DisplayName("when the loop is gone nothing is left behind")
  void loopIsGone() {
    WriteQueue last =
        new WriteQueue(
            task -> {
              throw new RejectedExecutionException();
            },
            LIMIT);
    last.add(job(WriteJob.Kind.TRIES_AGAIN));
    List<WriteJob<?>> jobs = new ArrayList<>();
    last.take(jobs);
    assertThat(jobs).hasSize(1);
  }

  @Test
  @DisplayName("a transaction gets 2048 at most")
  void atMost() {
    for (int i = 0; i < 2100; i++) {
      add(WriteJob.Kind.HAS_TIME);
    }
    endTask();
    assertThat(take()).hasSize(2048);
    assertThat(take()).hasSize(52);
  }
}
