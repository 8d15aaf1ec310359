package io.coagateway.radius;

/** Decides accepted requests. Called on the gateway loop; must not block it. */
@FunctionalInterface
public interface DynamicAuthorizationHandler {
  /**
   * Takes one request. The answer may come at once or later.
   *
   * @param sink told the answer exactly once, on the gateway loop
   */
  void handle(DynamicAuthorizationRequest request, AnswerSink sink);
}
