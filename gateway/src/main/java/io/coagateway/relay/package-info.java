/**
 * The relay-agent role: RECONFIGURE-REQUEST (RFC 6977), the release request of
 * draft-gandhewar-dhc-v6-relay-initiated-release and the RELEASE relayed on a client's behalf;
 * transaction ids, batching, rate limits, retransmission, reply matching and the UDP sockets.
 *
 * <p>May depend on {@code dhcpv6}, {@code ratelimit} and {@code datagram}. Open {@link
 * io.coagateway.relay.RelayAgent} first: tasks go in there and verdicts come out. A task becomes a
 * place in a message ({@link io.coagateway.relay.MessageExchange}, one state machine for each
 * message to each server), which waits in its server's lane until the limiter lets it go.
 */
package io.coagateway.relay;
