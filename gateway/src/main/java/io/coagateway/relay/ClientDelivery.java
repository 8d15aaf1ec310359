package io.coagateway.relay;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * Hands the content of a RELAY-REPL onward as a relay does (RFC 8415 section 19.2). A server that
 * answers to the source of our request may send its RECONFIGURE there too (RQ-20).
 */
public interface ClientDelivery {
  /** What became of it. */
  enum Delivery {
    /** It left. */
    SENT,
    /** Nothing says on which interface the peer is, or there is no such interface. */
    NO_INTERFACE
  }

  /**
   * Sends one message towards a client, or towards a relay before it.
   *
   * @param message the content of the Relay Message option
   * @param peer the peer-address of the RELAY-REPL, often link-local
   * @param port 546 for a client, 547 or the port of option 135 for a relay
   * @param interfaceName the interface the peer is on; empty when no Interface-Id names one
   * @param linkAddress the link-address of the RELAY-REPL, by which the peer's link is known where
   *     no Interface-Id names it; {@code ::} names none
   */
  Delivery deliver(
      Octets message,
      Ipv6Address peer,
      int port,
      Optional<String> interfaceName,
      Ipv6Address linkAddress);
}
