package io.coagateway.learn;

import io.coagateway.wire.Label;

/** Why something that was seen taught nothing. The name in lower case is the metric's label. */
public enum SkipReason {
  /** Not a DHCPv6 message, or one with a broken option. */
  MALFORMED,
  /** Not between relay and server: a client's own message, or a server's answer to it. */
  NOT_RELAYED,
  /** A relayed message that says nothing of bindings, like RECONFIGURE-REQUEST or LEASEQUERY. */
  OTHER_MESSAGE,
  /** The same message once more: captures on all interfaces show packets twice. */
  COPY,
  /** No Client Identifier, or no Server Identifier in a server's message. */
  NO_IDENTIFIER,
  /** The REPLY names another client than the request with its transaction-id did. */
  OTHER_CLIENT,
  /** A REPLY whose request was not seen, and which grants nothing by itself. */
  NO_REQUEST,
  /** A server's message from an address that is no server's. */
  UNKNOWN_SERVER,
  /** The server refused: a status code other than Success. */
  REFUSED,
  /**
   * A lease that cannot be one: a preferred lifetime above the valid one, a prefix with bits, T1
   * above T2.
   */
  BAD_LEASE,
  /** A lease whose time was over when the capture was read. */
  OVER,
  /** The records of this client contradict each other; none was chosen. */
  CONTRADICTION,
  /** More changes waited for the table than may. */
  QUEUE_FULL,
  /** The table could not be written. */
  TABLE_UNAVAILABLE;

  /** The name for metrics and summaries, like {@code not-relayed}. */
  public String label() {
    return Label.of(this);
  }
}
