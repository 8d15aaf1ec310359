package io.coagateway.capture;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.time.Instant;

/**
 * One UDP datagram over IPv6 that a capture holds.
 *
 * @param source who sent it
 * @param sourcePort 0 to 65535
 * @param destination where to
 * @param destinationPort 0 to 65535
 * @param payload after the UDP header
 * @param seen when it, or its last fragment, was captured
 */
public record CapturedDatagram(
    Ipv6Address source,
    int sourcePort,
    Ipv6Address destination,
    int destinationPort,
    Octets payload,
    Instant seen) {}
