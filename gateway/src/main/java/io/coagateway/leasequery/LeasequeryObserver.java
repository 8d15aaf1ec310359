package io.coagateway.leasequery;

import io.coagateway.relay.DhcpServer;
import io.coagateway.wire.Label;

/** Hears of questions over UDP. Called on the loop; implementations count and return. */
public interface LeasequeryObserver {
  /** Why a datagram was discarded. */
  enum Discard {
    /** It is no DHCPv6 message. */
    MALFORMED,
    /** Another kind of message, as a DHCPv6 client gets on port 546. */
    OTHER_MESSAGE,
    /** Nobody waits for it; a server's second answer to one query is such. */
    UNKNOWN_TRANSACTION,
    /** From another address than the one that was asked. */
    UNKNOWN_SOURCE,
    /** Without Server Identifier, or for another requestor (RFC 5007 section 4.2.2). */
    NOT_FOR_US;

    /** As logs and metrics have it. */
    public String label() {
      return Label.of(this);
    }
  }

  /** A query left; the first transmission is number 1. */
  default void sent(DhcpServer server, int transmission) {}

  /** A query was due, and the server's rate limit did not let it leave. */
  default void held(DhcpServer server) {}

  /**
   * A datagram was discarded.
   *
   * @param detail for a person
   */
  default void discarded(Discard reason, String detail) {}

  /** A question has ended. */
  default void ended(LeaseQuery query, LeaseAnswer answer) {}

  /** The question had been asked lately, in vain: nobody was asked again. */
  default void remembered(LeaseQuery query) {}
}
