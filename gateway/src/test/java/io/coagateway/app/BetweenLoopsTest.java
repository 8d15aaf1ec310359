package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both loops run when the test says so. */
class BetweenLoopsTest {
  private final ManualIoEventLoop radius = loop();
  private final ManualIoEventLoop gateway = loop();
  private final List<Integer> handled = new ArrayList<>();
  private final Deque<AnswerSink> sinks = new ArrayDeque<>();
  private final List<String> answers = new ArrayList<>();
  private final List<Boolean> reading = new ArrayList<>();
  private Consumer<AnswerSink> onRequest = sink -> {};
  private Runnable onBurstEnd = () -> {};
  private int bursts;

  private final BetweenLoops between =
      new BetweenLoops(
          radius,
          gateway,
          (request, sink) -> {
            handled.add(request.identifier());
            sinks.add(sink);
            onRequest.accept(sink);
          },
          () -> {
            bursts++;
            onBurstEnd.run();
          });

  BetweenLoopsTest() {
    between.regulate(reading::add);
  }

  private static ManualIoEventLoop loop() {
    return new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());
  }

  @AfterEach
  void end() {
    for (ManualIoEventLoop loop : List.of(gateway, radius)) {
      Future<?> unused = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      while (!loop.isTerminated()) {
        loop.runNow();
      }
    }
  }

  private void ask(int identifier) {
    between.handle(
        new DynamicAuthorizationRequest(
            Kind.COA,
            identifier % 256,
            "dac-1",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000),
            Instant.EPOCH,
            0,
            AttributeList.EMPTY),
        answer -> answers.add(identifier + " " + answer.verdict()));
  }

  @Test
  void requestsGoOverAndAnswersComeBack() {
    ask(1);
    ask(2);
    between.burstEnded();
    assertThat(handled).isEmpty();
    gateway.runNow();
    assertThat(handled).containsExactly(1, 2);
    assertThat(bursts).isEqualTo(1);

    sinks.removeLast().answer(DynamicAuthorizationAnswer.ack(Kind.COA));
    sinks
        .removeLast()
        .answer(DynamicAuthorizationAnswer.nak(Kind.COA, ErrorCause.RESOURCES_UNAVAILABLE, "busy"));
    gateway.runNow();
    assertThat(answers).isEmpty();
    radius.runNow();
    assertThat(answers).containsExactly("2 ACK", "1 NAK");
  }

  @Test
  void socketsAreNotReadWhileTooMuchWaits() {
    for (int i = 0; i < BetweenLoops.FULL - 1; i++) {
      ask(i);
    }
    between.burstEnded();
    assertThat(reading).isEmpty();
    ask(BetweenLoops.FULL);
    between.burstEnded();
    between.burstEnded();
    assertThat(reading).containsExactly(false);

    while (handled.size() < BetweenLoops.FULL - BetweenLoops.ROOM) {
      assertThat(reading).containsExactly(false);
      gateway.runNow();
      radius.runNow();
    }
    assertThat(reading).containsExactly(false, true);
    while (handled.size() < BetweenLoops.FULL) {
      gateway.runNow();
      radius.runNow();
    }
    assertThat(reading).containsExactly(false, true);
  }

  /** The gateway loop may take all between the other's decision and its note of it. */
  @Test
  void readingGoesOnWhenAllWasTakenBeforeThePauseWasSeen() {
    for (int i = 0; i < BetweenLoops.FULL; i++) {
      ask(i);
    }
    between.regulate(
        on -> {
          reading.add(on);
          while (!on && handled.size() < BetweenLoops.FULL) {
            gateway.runNow();
          }
        });
    between.burstEnded();
    radius.runNow();
    assertThat(reading).containsExactly(false, true);
  }

  /** Otherwise the request would be in progress for ever, and its client's repetitions dropped. */
  @Test
  void whatFailsBehindTheEdgeIsAnswered() {
    onRequest =
        sink -> {
          throw new IllegalStateException("out of luck");
        };
    ask(1);
    ask(2);
    between.burstEnded();
    gateway.runNow();
    radius.runNow();
    assertThat(handled).containsExactly(1, 2);
    assertThat(answers).containsExactly("1 NAK", "2 NAK");
    assertThat(bursts).isEqualTo(1);
  }

  @Test
  void whatFailsAfterItsAnswerIsNotAnsweredAgain() {
    onRequest =
        sink -> {
          sink.answer(DynamicAuthorizationAnswer.ack(Kind.COA));
          throw new IllegalStateException("too late");
        };
    ask(1);
    between.burstEnded();
    gateway.runNow();
    radius.runNow();
    assertThat(answers).containsExactly("1 ACK");
  }

  @Test
  void readingGoesOnAlthoughTheEndOfTheBurstFails() {
    onBurstEnd =
        () -> {
          throw new IllegalStateException("out of luck");
        };
    for (int i = 0; i < BetweenLoops.FULL; i++) {
      ask(i);
    }
    between.burstEnded();
    assertThat(reading).containsExactly(false);
    while (handled.size() < BetweenLoops.FULL) {
      gateway.runNow();
    }
    radius.runNow();
    assertThat(reading).containsExactly(false, true);
  }

  @Test
  void itIsIdleWhenNothingIsOnItsWay() {
    assertThat(between.isIdle()).isTrue();
    ask(1);
    assertThat(between.isIdle()).isFalse();
    between.burstEnded();
    gateway.runNow();
    assertThat(between.isIdle()).isTrue();
    sinks.remove().answer(DynamicAuthorizationAnswer.ack(Kind.COA));
    assertThat(between.isIdle()).isFalse();
    gateway.runNow();
    radius.runNow();
    assertThat(between.isIdle()).isTrue();
    assertThat(answers).containsExactly("1 ACK");
  }
}
