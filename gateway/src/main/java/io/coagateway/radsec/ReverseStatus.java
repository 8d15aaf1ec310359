package io.coagateway.radsec;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How it stands with one connection that we want to have.
 *
 * @param client the configured client at the other end
 * @param server where we connect to
 * @param state whether we have it
 * @param lasting since when it is so
 * @param failures attempts that failed since it last worked
 * @param lastFailure why the last one failed or ended, perhaps empty
 */
public record ReverseStatus(
    String client,
    InetSocketAddress server,
    State state,
    Duration lasting,
    int failures,
    String lastFailure) {
  /** Whether we have it. */
  public enum State {
    /** Being opened. */
    CONNECTING,
    /** Open; the other end has not proven yet that it wants us. */
    OPEN,
    /** Open, and the other end has answered or asked something. */
    ANSWERING,
    /** Failed or lost; tried again soon. */
    WAITING
  }
}
