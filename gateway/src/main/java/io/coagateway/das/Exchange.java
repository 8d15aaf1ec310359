package io.coagateway.das;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;

/** An accepted request that waits for its answer; it keeps the client and secret it came with. */
final class Exchange implements AnswerSink {
  private final ReceivePipeline pipeline;
  private final Proven proven;
  private final DynamicAuthorizationRequest request;
  private final long receivedNanos;
  private final int entry;
  private boolean answered;

  Exchange(
      ReceivePipeline pipeline,
      Proven proven,
      DynamicAuthorizationRequest request,
      long receivedNanos,
      int entry) {
    this.pipeline = pipeline;
    this.proven = proven;
    this.request = request;
    this.receivedNanos = receivedNanos;
    this.entry = entry;
  }

  @Override
  public void answer(DynamicAuthorizationAnswer answer) {
    if (answered) {
      pipeline.answeredTwice(this);
      return;
    }
    answered = true;
    pipeline.answer(this, answer);
  }

  boolean isAnswered() {
    return answered;
  }

  /** The request as it came. */
  Proven proven() {
    return proven;
  }

  /** The request as it was handed on. */
  DynamicAuthorizationRequest request() {
    return request;
  }

  /** Its entry in the replay memory. */
  int entry() {
    return entry;
  }

  long receivedNanos() {
    return receivedNanos;
  }
}
