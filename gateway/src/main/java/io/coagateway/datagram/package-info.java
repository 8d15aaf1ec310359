/**
 * UDP sockets of Netty's as the gateway uses them: octets and addresses on our side, buffers on the
 * other; many datagrams read, or sent, by one system call.
 *
 * <p>Depends on nothing else of the gateway. Open {@link io.coagateway.datagram.DatagramCodec}.
 */
package io.coagateway.datagram;
