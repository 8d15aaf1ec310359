package io.coagateway.subscriber;

/** Whether the client takes part in Reconfigure (RFC 8415 section 21.20), as far as we know. */
public enum ReconfigureAccept {
  /** The client sent a Reconfigure Accept option. */
  YES,
  /** The client is known not to accept Reconfigure; a CoA for it is refused with nothing sent. */
  NO,
  /** Nobody told us; it is tried. */
  UNKNOWN
}
