package io.coagateway.app;

import io.coagateway.dhcpv6.Message;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;

/** Packets as one line for the log at DEBUG. */
final class PacketText {
  private PacketText() {}

  static String dhcpv6(Octets datagram) {
    try {
      return Message.parse(datagram).toLine();
    } catch (MalformedException e) {
      return "malformed (" + e.getMessage() + ") " + datagram;
    }
  }
}
