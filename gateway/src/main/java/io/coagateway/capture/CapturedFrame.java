package io.coagateway.capture;

import io.coagateway.wire.Octets;
import java.time.Instant;

/**
 * One frame of a capture.
 *
 * @param linkType how it starts: a LINKTYPE_ number of pcap-linktype(7)
 * @param seen when it was captured; the epoch where the capture does not say
 * @param data what was kept of it
 * @param length how long it was
 */
public record CapturedFrame(int linkType, Instant seen, Octets data, long length) {}
