package io.coagateway.dynauth;

import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import java.util.Optional;

/**
 * Why a request cannot be acknowledged, where no RFC gives the Error-Cause: the rows of the answer
 * table, in its order. Of several findings the first row wins, so the order of the constants is the
 * rule.
 *
 * <p>What RFC 5176 itself decides (401 to 405, 407, 503, 508) is not here: those causes stand where
 * the rule stands.
 */
public enum Finding {
  /**
   * The settings of the session's server say no ({@code reconfigure: none}, {@code release: none}),
   * or a reload has taken the server away. What a DAC may not ask for is refused before, in {@code
   * das}, and is not translated here.
   */
  PROHIBITED(
      "prohibited", ErrorCause.ADMINISTRATIVELY_PROHIBITED, ErrorCause.ADMINISTRATIVELY_PROHIBITED),
  /** The record says that the client does not accept Reconfigure; nothing was sent. */
  CLIENT_REFUSES_RECONFIGURE(
      "client-refuses-reconfigure", ErrorCause.ADMINISTRATIVELY_PROHIBITED, null),
  /** NotAllowed, NotConfigured, or the client is listed as one that will not be reconfigured. */
  SERVER_PROHIBITS(
      "server-prohibits",
      ErrorCause.ADMINISTRATIVELY_PROHIBITED,
      ErrorCause.ADMINISTRATIVELY_PROHIBITED),
  /**
   * UnspecFail even after the corrected retries, another status, or it does not know the message.
   */
  SERVER_FAILED(
      "server-failed", ErrorCause.INVALID_REQUEST, ErrorCause.SESSION_CONTEXT_NOT_REMOVABLE),
  /** No server answered in time. */
  NO_ANSWER(
      "no-answer", ErrorCause.RESOURCES_UNAVAILABLE, ErrorCause.SESSION_CONTEXT_NOT_REMOVABLE),
  /** nas.on-disconnect failed or timed out; nothing was sent. */
  DATA_PATH_NOT_CUT("data-path-not-cut", null, ErrorCause.SESSION_CONTEXT_NOT_REMOVABLE),
  /** The record does not hold what a release needs: server, IAIDs (RL-8). */
  RECORD_INCOMPLETE("record-incomplete", null, ErrorCause.SESSION_CONTEXT_NOT_REMOVABLE),
  /** Our own limits: queue full, rate limit, database down. */
  OWN_LIMITS("own-limits", ErrorCause.RESOURCES_UNAVAILABLE, ErrorCause.RESOURCES_UNAVAILABLE);

  private final String configName;
  private final ErrorCause coa;
  private final ErrorCause disconnect;

  Finding(String configName, ErrorCause coa, ErrorCause disconnect) {
    this.configName = configName;
    this.coa = coa;
    this.disconnect = disconnect;
  }

  /** The word for the row in the configuration ({@code answers:}). */
  public String configName() {
    return configName;
  }

  /** The Error-Cause of the table as shipped; empty where the row cannot happen. */
  public Optional<ErrorCause> shippedCause(DynamicAuthorizationRequest.Kind kind) {
    return Optional.ofNullable(
        switch (kind) {
          case COA -> coa;
          case DISCONNECT -> disconnect;
        });
  }
}
