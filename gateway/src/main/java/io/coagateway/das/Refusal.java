package io.coagateway.das;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.ratelimit.LogLimit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NAKs to accepted requests that no operation has decided on, with their line in the log.
 *
 * <p>Not thread-safe: one for each event loop.
 */
public final class Refusal {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  /**
   * How many failures a second are written with their trace, so that a defect under load does not
   * keep the loop busy; each NAK has its line besides.
   */
  private static final int TRACES_PER_SECOND = 1;

  private final LogLimit traces;

  /**
   * @param nanos monotonic nanoseconds
   */
  public Refusal(LongSupplier nanos) {
    traces = new LogLimit(TRACES_PER_SECOND, nanos);
  }

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
  public void failed(
      DynamicAuthorizationRequest request,
      AnswerSink sink,
      boolean isAnswered,
      RuntimeException failure) {
    traces.line(
        more ->
            LOG.error(
                "request-failed client={} id={}{}",
                request.client(),
                request.identifier(),
                more,
                failure));
    if (!isAnswered) {
      nak(request, sink, ErrorCause.RESOURCES_UNAVAILABLE, "internal error");
    }
  }
}
