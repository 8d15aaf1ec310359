package io.coagateway.simulator;

import io.coagateway.dhcpv6.Message;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/**
 * A datagram that the server sends.
 *
 * @param message what it says
 * @param to where it goes
 */
public record Reply(Message message, InetSocketAddress to) {
  /** The octets to send. */
  public Octets datagram() {
    return message.encode();
  }
}
