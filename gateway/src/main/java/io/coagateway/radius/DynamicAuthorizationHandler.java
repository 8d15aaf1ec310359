package io.coagateway.radius;

/** Decides accepted requests. Called on an event loop; must not block it. */
@FunctionalInterface
public interface DynamicAuthorizationHandler {
  /**
   * Takes one request. The answer may come at once or later.
   *
   * @param sink told the answer exactly once, on the loop that calls this
   */
  void handle(DynamicAuthorizationRequest request, AnswerSink sink);
}
