package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientServerMessage;
import java.net.InetSocketAddress;

/**
 * A client/server message with the way it came.
 *
 * @param message the innermost one
 * @param path the relays in between
 * @param source where the datagram came from
 * @param nanos monotonic time of arrival
 */
record Request(ClientServerMessage message, RelayPath path, InetSocketAddress source, long nanos) {}
