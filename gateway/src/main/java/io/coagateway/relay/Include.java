package io.coagateway.relay;

/**
 * Options that a message to a server holds only when the server's settings say so. RFC 6977 section
 * 6.3 allows them all; RFC 8415 sections 21.18 and 21.19 lets a server discard a message that holds
 * the first two outside their usual places.
 */
public enum Include {
  /** Interface-Id (18). */
  INTERFACE_ID,
  /** Reconfigure Message (19), a hint which message the client should send (RQ-7). */
  RECONFIGURE_MESSAGE,
  /** Relay-Id (53). A release request holds it always (RL-5). */
  RELAY_ID,
  /** Remote-Id (37). */
  REMOTE_ID,
  /** Subscriber-Id (38). */
  SUBSCRIBER_ID
}
