package io.coagateway.relay;

import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/** One UDP socket, as the exchanges see it: they test without sockets. Only on the loop. */
public interface DatagramPort {
  /** Hands over one datagram; it leaves with the next {@link #flush} at the latest. */
  void send(Octets datagram, InetSocketAddress to);

  /** Sends what was handed over. */
  void flush();

  /** The address and port that datagrams leave from; the address may be {@code ::}. */
  InetSocketAddress local();
}
