package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BoundedTasksTest {
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private final BoundedTasks tasks = new BoundedTasks(loop::add, 2);

  private boolean offer(String name) {
    return tasks.offer(() -> ran.add(name));
  }

  @Test
  @DisplayName("at the bound a task is refused; each that the loop begins makes room for one")
  void isBounded() {
    assertThat(offer("a")).isTrue();
    assertThat(offer("b")).isTrue();
    assertThat(offer("c")).isFalse();
    assertThat(offer("d")).isFalse();
    loop.remove().run();
    assertThat(offer("e")).isTrue();
    assertThat(offer("f")).isFalse();
    loop.forEach(Runnable::run);
    assertThat(ran).containsExactly("a", "b", "e");
  }

  @Test
  @DisplayName("a task that fails makes room too")
  void aFailureMakesRoom() {
    for (int i = 0; i < 5; i++) {
      assertThat(
              tasks.offer(
                  () -> {
                    throw new IllegalStateException("a defect");
                  }))
          .isTrue();
      assertThatThrownBy(loop.remove()::run).hasMessage("a defect");
    }
  }
}
