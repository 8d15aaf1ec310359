package io.coagateway.simulator;

import io.coagateway.dhcpv6.Message;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/** Sees every packet of the simulated server, on its thread. All methods do nothing by default. */
public interface SimulatorObserver {
  /** Sees nothing. */
  SimulatorObserver NONE = new SimulatorObserver() {};

  /** A message came and is being answered. */
  default void received(Message message, InetSocketAddress from) {}

  /** A datagram came and is not answered. */
  default void dropped(Reception reception, Octets datagram, InetSocketAddress from) {}

  /** A message left. */
  default void sent(Reply reply) {}

  /** The socket refused to send. */
  default void sendFailed(Reply reply, Throwable cause) {}
}
