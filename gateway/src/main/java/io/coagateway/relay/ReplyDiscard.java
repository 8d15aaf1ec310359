package io.coagateway.relay;

/** Why a datagram that came to one of our sockets was discarded. */
public enum ReplyDiscard {
  /** It is not from the address and port of a configured server. */
  UNKNOWN_SOURCE,
  /** It is not a well-formed DHCPv6 message. */
  MALFORMED,
  /**
   * Its type is none that a server sends to us; clients and relays discard it too (RQ-63, RL-52).
   */
  UNEXPECTED_TYPE,
  /** Its transaction id is none that was issued lately (RQ-30, RL-20). */
  UNKNOWN_TRANSACTION,
  /** Its transaction id is ours, but the exchange has ended: a late or duplicate answer. */
  LATE,
  /** Its type does not answer the message with this transaction id. */
  WRONG_TYPE,
  /** It has no Server Identifier (RQ-31). */
  NO_SERVER_ID,
  /** Its Server Identifier is not the server's, or not the one the message named. */
  WRONG_SERVER_ID,
  /** It has no Status Code on top (RQ-32, RL-21). */
  NO_STATUS,
  /** An option that may occur once occurs twice. */
  DUPLICATE_OPTION,
  /** Its Client Identifier is not the one the message named, or a REPLY has none. */
  WRONG_CLIENT_ID,
  /**
   * It should have come inside RELAY-REPL or should not have, or the wrapper names another peer or
   * link.
   */
  WRONG_WRAPPER,
  /** A RELAY-REPL with content for somebody we have nothing to do with. */
  NOT_OURS
}
