package io.coagateway.app;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationHandler;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.netty.channel.EventLoop;

/**
 * Takes accepted requests from the RADIUS loop to the gateway loop, and their answers back. What
 * RADIUS costs, proofs and signatures first of all, has a core of its own, and a flood of datagrams
 * delays no exchange with a DHCPv6 server.
 *
 * <p>At most {@value #FULL} requests and one burst wait to be taken: then the RADIUS sockets are
 * not read until {@value #ROOM} are left, so that the kernel's buffer fills and drops as it would
 * for one loop. Answers are bounded by the replay memory's requests in progress.
 */
final class BetweenLoops implements DynamicAuthorizationHandler {
  static final int FULL = 512;
  static final int ROOM = 128;

  /** Whether the RADIUS sockets are read; called on the RADIUS loop. */
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
  private Reading reading = on -> {};
  private boolean announceDue; // on the gateway loop
  private volatile boolean paused; // set on the RADIUS loop

  private record Asked(DynamicAuthorizationRequest request, AnswerSink sink) {}

  private record Answered(AnswerSink sink, DynamicAuthorizationAnswer answer) {}

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

  private void readOn() {
    if (paused) {
      paused = false;
      reading.read(true);
    }
  }

  private void take(Asked asked) {
    handler.handle(asked.request(), answer -> answered(asked.sink(), answer));
  }

  private void roundEnded() {
    burstEnd.run();
    if (paused && requests.size() <= ROOM) {
      radius.execute(this::readOn);
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
