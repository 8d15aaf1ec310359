package io.coagateway.relay;

/** In which option a RECONFIGURE-REQUEST carries what the relay supplies. */
public enum OptionCarrier {
  /** The Relay-Supplied Options option (66, RFC 6422), filtered to what the server permits. */
  RSOO,
  /** OPTION_RADIUS (81, RFC 7037). */
  RADIUS,
  /** None: the server reads its own data, the message is only the trigger. */
  NONE
}
