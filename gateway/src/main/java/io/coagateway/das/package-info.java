/**
 * The RFC 5176 server role: sockets, clients and secrets, freshness, duplicates and replays,
 * signing the answer.
 *
 * <p>May depend on {@code radius}, {@code ratelimit}, {@code datagram}, {@code listen} and {@code
 * radsec}. Open {@link io.coagateway.das.DynamicAuthorizationServer} first, then {@code
 * ReceivePipeline}, which is the ladder of checks in the order of the protocol.
 */
package io.coagateway.das;
