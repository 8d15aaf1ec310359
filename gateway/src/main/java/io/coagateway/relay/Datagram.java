package io.coagateway.relay;

import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/**
 * A datagram between the codec and the rest.
 *
 * @param octets its payload
 * @param peer where it came from, or goes to
 */
record Datagram(Octets octets, InetSocketAddress peer) {}
