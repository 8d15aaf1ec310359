package io.coagateway.radius;

/** Where the answer to one request goes. */
@FunctionalInterface
public interface AnswerSink {
  /** Called exactly once for a request, on the loop that handed it over. */
  void answer(DynamicAuthorizationAnswer answer);
}
