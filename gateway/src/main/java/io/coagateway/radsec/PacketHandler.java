package io.coagateway.radsec;

import io.coagateway.wire.Octets;

/** Takes the packets of all connections. Called on the event loop. */
public interface PacketHandler {
  /**
   * A packet came in from a known peer. Status-Server and what we asked for ourselves is not among
   * them.
   *
   * @param packet exactly as many octets as its Length says, 20 to 4096
   */
  void received(Octets packet, TlsConnection connection);

  /** No more packets came in at once; answers leave after this. */
  void burstEnded();
}
