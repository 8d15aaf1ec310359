package io.coagateway.relay;

/** Why a message was never sent. */
public enum NotSentReason {
  /** As many messages as allowed already wait for the server's rate limit (RQ-23). */
  QUEUE_FULL,
  /** The rate limit would let the message go only after the deadline, or it did (RQ-22). */
  DEADLINE,
  /** The lease's IAID is not known and the server's settings say not to guess. */
  NO_IAID,
  /**
   * The server's DUID, which the message must name, is neither recorded, configured nor learned.
   */
  NO_SERVER_DUID,
  /** This server's settings, or the missing release message types, say not to send it. */
  SWITCHED_OFF,
  /** One client's part alone exceeds the maximum message size. */
  TOO_LARGE
}
