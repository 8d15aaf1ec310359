package io.coagateway.radius;

/** Where the answer to one request goes. */
@FunctionalInterface
public interface AnswerSink {
  /** Called exactly once for a request, on the gateway loop. */
  void answer(DynamicAuthorizationAnswer answer);
}
