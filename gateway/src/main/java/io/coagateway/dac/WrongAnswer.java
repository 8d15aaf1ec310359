package io.coagateway.dac;

/** Why a datagram that came back is not the answer; it is counted and waited on. */
public enum WrongAnswer {
  /** No packet, or attributes that do not fill it. */
  MALFORMED("it is malformed"),
  /** No request with its Identifier is waiting. */
  IDENTIFIER("no request with its Identifier is waiting"),
  /** Neither the ACK nor the NAK of the request. */
  CODE("its code does not answer the request"),
  /** The Response Authenticator does not match: another secret, or a forged packet. */
  RESPONSE_AUTHENTICATOR("Response Authenticator does not match"),
  /** There are two Message-Authenticators, or the one does not match. */
  MESSAGE_AUTHENTICATOR("Message-Authenticator does not match"),
  /** Event-Timestamp is more than 300 s away (RFC 5176 section 6.3 asks both ends to check). */
  EVENT_TIMESTAMP("Event-Timestamp is not current");

  private final String text;

  WrongAnswer(String text) {
    this.text = text;
  }

  /** In words, as the end of a sentence. */
  public String text() {
    return text;
  }
}
