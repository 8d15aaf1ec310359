package io.coagateway.das;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import java.net.InetSocketAddress;

/** An accepted request that waits for its answer; it keeps the client and secret it came with. */
final class Exchange implements AnswerSink {
  private final ReceivePipeline pipeline;
  private final RadiusPacket packet;
  private final DynamicAuthorizationRequest request;
  private final DasClient client;
  private final Secret secret;
  private final AnswerPort port;
  private final long receivedNanos;
  private final int entry;
  private boolean answered;

  Exchange(
      ReceivePipeline pipeline,
      RadiusPacket packet,
      DynamicAuthorizationRequest request,
      DasClient client,
      Secret secret,
      AnswerPort port,
      long receivedNanos,
      int entry) {
    this.pipeline = pipeline;
    this.packet = packet;
    this.request = request;
    this.client = client;
    this.secret = secret;
    this.port = port;
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

  RadiusPacket packet() {
    return packet;
  }

  DynamicAuthorizationRequest request() {
    return request;
  }

  DasClient client() {
    return client;
  }

  Secret secret() {
    return secret;
  }

  AnswerPort port() {
    return port;
  }

  InetSocketAddress source() {
    return request.source();
  }

  /** Its entry in the replay memory. */
  int entry() {
    return entry;
  }

  long receivedNanos() {
    return receivedNanos;
  }
}
