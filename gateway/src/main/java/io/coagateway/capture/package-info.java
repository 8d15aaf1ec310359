/**
 * Packet captures: files and streams of tcpdump and its kin, and the DHCPv6 datagrams in them.
 *
 * <p>May depend on {@code wire} and {@code time}. Open {@link io.coagateway.capture.CaptureReader}
 * first: it takes a stream apart into frames; {@link io.coagateway.capture.DatagramReader} finds
 * the datagram in a frame; {@link io.coagateway.capture.CaptureProcess} runs tcpdump and feeds
 * both.
 */
package io.coagateway.capture;
