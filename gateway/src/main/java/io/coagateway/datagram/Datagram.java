package io.coagateway.datagram;

import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/**
 * A datagram between the codec and the rest.
 *
 * @param octets its payload, in memory of its own
 * @param peer where it came from, or goes to
 */
public record Datagram(Octets octets, InetSocketAddress peer) {}
