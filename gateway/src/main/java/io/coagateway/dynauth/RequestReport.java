package io.coagateway.dynauth;

import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One request at its end: what the log line, the metrics and the status page tell.
 *
 * @param request as it came
 * @param result what was answered
 * @param cause the Error-Cause that was answered
 * @param reason why, in words; empty after a plain ACK
 * @param subscribers ids of the matching records
 * @param servers what each server had to say
 * @param joined whether it shared the verdict of another request for the same sessions, whose
 *     report has them too
 * @param took from its arrival to its answer
 */
public record RequestReport(
    DynamicAuthorizationRequest request,
    Result result,
    Optional<ErrorCause> cause,
    String reason,
    List<String> subscribers,
    List<ServerPart> servers,
    boolean joined,
    Duration took) {
  /** What was answered. */
  public enum Result {
    /** CoA-ACK or Disconnect-ACK. */
    ACK,
    /** CoA-NAK or Disconnect-NAK. */
    NAK
  }

  /**
   * One server's part in the request.
   *
   * @param server its name in the configuration
   * @param subscriber id of the record it was asked for
   * @param outcome what came of it, a word
   * @param transmissions how often its message was sent, the first time included
   */
  public record ServerPart(String server, String subscriber, String outcome, int transmissions) {}

  /** Copies the lists. */
  public RequestReport {
    subscribers = List.copyOf(subscribers);
    servers = List.copyOf(servers);
  }
}
