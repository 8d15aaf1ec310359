package io.coagateway.relay;

import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/** Takes what the sockets receive. Only on the loop. */
public interface DatagramReceiver {
  /**
   * A datagram came to a socket that we send from.
   *
   * @param source where it came from
   */
  void onDatagram(Octets datagram, InetSocketAddress source);

  /**
   * A datagram came to a socket that listens for other relays.
   *
   * @param source where it came from
   * @param arrivedAt the socket
   */
  void onForwardable(Octets datagram, InetSocketAddress source, DatagramPort arrivedAt);

  /** Nothing more is there to read for now. */
  void burstEnd();
}
