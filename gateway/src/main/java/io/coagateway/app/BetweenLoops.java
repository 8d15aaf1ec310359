package io.coagateway.app;

import io.coagateway.das.Refusal;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationHandler;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.time.MonotonicClock;
import io.netty.channel.EventLoop;

/**
 * Takes accepted requests from the RADIUS loop to the gateway loop, and their answers back. What
 * RADIUS costs, proofs and signatures first of all, has a core of its own, and a flood of datagrams
 * delays no exchange with a DHCPv6 server.
 *
 * <p>At {@value #FULL} requests that wait to be taken, sockets and connections are not read until
 * {@value #ROOM} are left, so that the kernel's buffers fill and drop as they would for one loop.
 * What had been read by then is added: the burst of 64 of each UDP socket, and one read's packets
 * of each TLS connection. Answers are bounded by the replay memory's requests in progress.
 */
final class BetweenLoops implements DynamicAuthorizationHandler {
  static final int FULL = 512;
  static final int ROOM = 128;

  /** Whether RADIUS is read; called on the RADIUS loop. */
  @FunctionalInterface
  interface Reading {
    void read(boolean on);
  }

  private final EventLoop radius;
  private final EventLoop gateway;
  private final DynamicAuthorizationHandler handler;
  private final Runnable burstEnd;
  private final Handover<Asked> requests;
  private final Handover<Answered> answers;
  private final Refusal refusal = new Refusal(MonotonicClock::nanos); // on the gateway loop
  private Reading reading = on -> {};
  private boolean announceDue; // on the gateway loop
  private volatile boolean paused; // set on the RADIUS loop

  private record Asked(DynamicAuthorizationRequest request, AnswerSink sink) {}

  private record Answered(AnswerSink sink, DynamicAuthorizationAnswer answer) {}

  /** Where the handler's answer to one request goes; on the gateway loop. */
  private final class Reply implements AnswerSink {
    private final AnswerSink sink;
    private boolean given;

    Reply(AnswerSink sink) {
      this.sink = sink;
    }

    @Override
    public void answer(DynamicAuthorizationAnswer answer) {
      given = true;
      answered(sink, answer);
    }
  }

  /**
   * @param handler called on {@code gateway}
   * @param burstEnd called on {@code gateway} after the last request of those that came together
   */
  BetweenLoops(
      EventLoop radius, EventLoop gateway, DynamicAuthorizationHandler handler, Runnable burstEnd) {
    this.radius = radius;
    this.gateway = gateway;
    this.handler = handler;
    this.burstEnd = burstEnd;
    this.requests = new Handover<>(gateway, this::take, this::roundEnded);
    this.answers = new Handover<>(radius, a -> a.sink().answer(a.answer()), () -> {});
  }

  /** Whom to hold back; before the first request. */
  void regulate(Reading sockets) {
    reading = sockets;
  }

  /** On the RADIUS loop. */
  @Override
  public void handle(DynamicAuthorizationRequest request, AnswerSink sink) {
    requests.give(new Asked(request, sink));
  }

  /** On the RADIUS loop: no more requests came together. */
  void burstEnded() {
    requests.announce();
    if (!paused && requests.size() >= FULL) {
      paused = true;
      reading.read(false);
      if (requests.size() <= ROOM) { // they were taken before the other loop could see the pause
        readOn();
      }
    }
  }

  /** Whether nothing is on its way in either direction. On any thread. */
  boolean isIdle() {
    return requests.size() == 0 && answers.size() == 0;
  }

  private void readOn() {
    if (paused) {
      paused = false;
      reading.read(true);
    }
  }

  private void take(Asked asked) {
    Reply reply = new Reply(asked.sink());
    try {
      handler.handle(asked.request(), reply);
    } catch (RuntimeException e) {
      refusal.failed(asked.request(), reply, reply.given, e);
    }
  }

  private void roundEnded() {
    try {
      burstEnd.run();
    } finally {
      if (paused && requests.size() <= ROOM) {
        radius.execute(this::readOn);
      }
    }
  }

  private void answered(AnswerSink sink, DynamicAuthorizationAnswer answer) {
    answers.give(new Answered(sink, answer));
    if (!announceDue) {
      announceDue = true;
      gateway.execute(
          () -> {
            announceDue = false;
            answers.announce();
          });
    }
  }
}
