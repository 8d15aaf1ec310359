package io.coagateway.relay;

/** How a changed configuration reaches the clients of one server. */
public enum ReconfigureMode {
  /** RECONFIGURE-REQUEST, RFC 6977. */
  RFC6977,
  /** Nothing is sent; the relay supplies the new options at the client's next Renew. */
  AT_RENEW,
  /** This server's clients cannot be changed. */
  NONE
}
