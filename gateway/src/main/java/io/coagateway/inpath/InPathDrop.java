package io.coagateway.inpath;

/** Why a datagram in the path was not forwarded at all. */
public enum InPathDrop {
  /** Neither RELAY-FORW nor RELAY-REPL: the gateway is nobody's first hop. */
  NOT_RELAYED,
  /** Shorter than the header of a relay message, or a RELAY-REPL with nothing to forward in it. */
  NO_MESSAGE_INSIDE,
  /** HOP_COUNT_LIMIT reached (RFC 8415 section 19.1.2): there is a loop. */
  HOP_LIMIT,
  /** It came from the very address where it arrived, and so would its answer. */
  OWN_ADDRESS,
  /** The relay is not among {@code in-path.relays}. */
  UNTRUSTED_RELAY,
  /** It holds an RSOO, or may do so unread, and {@code relay-supplied-options} is reject. */
  RSOO_REFUSED,
  /** A request that the policy for other relays rejects, or unread what may be one. */
  REQUEST_REFUSED,
  /** A RELAY-REPL from an address that is none of the servers'. */
  UNKNOWN_SERVER,
  /** A RELAY-REPL that answers nothing that was forwarded. */
  NOT_FORWARDED_BY_US
}
