package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The receiving loop runs when the test says so; a turn is what it does between two looks at its
 * sockets.
 */
class HandoverTest {
  private final ManualIoEventLoop loop =
      new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());
  private final List<Integer> taken = new ArrayList<>();
  private final List<Integer> rounds = new ArrayList<>(); // how many were taken when each ended
  private final Handover<Integer> handover =
      new Handover<>(loop, this::take, () -> rounds.add(taken.size()));

  private void take(int item) {
    taken.add(item);
    if (item < 0) {
      throw new IllegalStateException("of item " + item);
    }
  }

  @AfterEach
  void end() {
    Future<?> unused = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    while (!loop.isTerminated()) {
      loop.runNow();
    }
  }

  private void give(int count) {
    IntStream.range(0, count).forEach(handover::give);
  }

  @Test
  void takesInOrderAndLooksAtItsSocketsInBetween() {
    give(200);
    assertThat(handover.size()).isEqualTo(200);
    for (int turn = 0; turn < 4; turn++) {
      loop.runNow();
    }
    assertThat(rounds).containsExactly(64, 128, 192, 200);
    assertThat(taken).containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
    assertThat(handover.size()).isZero();
  }

  @Test
  void wakesTheOtherLoopWhenItIsWorthIt() {
    give(Handover.WORTH - 1);
    loop.runNow();
    assertThat(taken).as("the burst goes on").isEmpty();
    handover.give(7);
    loop.runNow();
    assertThat(taken).hasSize(Handover.WORTH);
  }

  @Test
  void wakesTheOtherLoopForFewWhenTheBurstIsOver() {
    handover.give(1);
    handover.announce();
    handover.announce();
    loop.runNow();
    assertThat(taken).containsExactly(1);
    assertThat(rounds).as("once").containsExactly(1);
    handover.announce();
    loop.runNow();
    assertThat(rounds).as("nothing was given").containsExactly(1);
  }

  @Test
  void takesWhatIsGivenMeanwhile() {
    Handover<Integer> other =
        new Handover<>(
            loop,
            item -> {
              taken.add(item);
              if (item == 1) {
                handover.give(2);
                handover.announce();
              }
            },
            () -> {});
    other.give(1);
    other.announce();
    loop.runNow();
    loop.runNow();
    assertThat(taken).containsExactly(1, 2);
  }

  @Test
  void oneThatFailsTakesNoOtherWithIt() {
    handover.give(1);
    handover.give(-2);
    handover.give(3);
    handover.announce();
    loop.runNow();
    assertThat(rounds).as("the round ends all the same").containsExactly(2);
    loop.runNow();
    assertThat(taken).containsExactly(1, -2, 3);
    assertThat(handover.size()).isZero();
    handover.give(4);
    handover.announce();
    loop.runNow();
    assertThat(taken).endsWith(4);
  }
}
