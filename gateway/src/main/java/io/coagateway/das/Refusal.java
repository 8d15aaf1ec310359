package io.coagateway.das;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** NAKs to accepted requests that no operation has decided on, with their line in the log. */
public final class Refusal {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  private Refusal() {}

  /** Says no. */
  static void nak(
      DynamicAuthorizationRequest request, AnswerSink sink, ErrorCause cause, String reason) {
    LOG.info(
        "request client={} id={} type={} result=NAK cause={} reason=\"{}\"",
        request.client(),
        request.identifier(),
        request.kind() == Kind.COA ? "coa" : "disconnect",
        cause.number(),
        reason);
    sink.answer(DynamicAuthorizationAnswer.nak(request.kind(), cause, reason));
  }

  /**
   * The edge of an event loop: whatever went wrong behind it, the client gets an answer, and the
   * request does not stay in progress for ever.
   *
   * @param isAnswered whether it has had its answer before; then there is only the log line
   */
  public static void failed(
      DynamicAuthorizationRequest request,
      AnswerSink sink,
      boolean isAnswered,
      RuntimeException failure) {
    LOG.error("request-failed client={} id={}", request.client(), request.identifier(), failure);
    if (!isAnswered) {
      nak(request, sink, ErrorCause.RESOURCES_UNAVAILABLE, "internal error");
    }
  }
}
