package io.coagateway.inpath;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.relay.DhcpServer;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/** Sees what passes, for metrics, log and learning. All methods run on the in-path loop. */
public interface InPathObserver {
  /** Sees nothing. */
  InPathObserver NONE = new InPathObserver() {};

  /**
   * A relay's message arrived and will be forwarded.
   *
   * @param relayForward the RELAY-FORW as the relay sent it
   */
  default void arrived(Octets relayForward, InetSocketAddress relay) {}

  /**
   * A relay's message left for a server.
   *
   * @param type of the client's message; RELAY_FORW when it could not be seen
   * @param supply why with or without options
   * @param detail for the log: what is wrong; may be empty
   */
  default void forwarded(
      DhcpServer server, MessageType type, Supply supply, InetSocketAddress relay, String detail) {}

  /**
   * A server's answer left for the relay.
   *
   * @param relayReply the RELAY-REPL as the relay gets it
   */
  default void returned(DhcpServer server, Octets relayReply, InetSocketAddress relay) {}

  /**
   * A datagram was dropped.
   *
   * @param detail for the log; may be empty
   */
  default void dropped(InPathDrop reason, InetSocketAddress source, String detail) {}
}
