/**
 * The other end of RFC 5176: a dynamic authorization client that sends a CoA-Request or
 * Disconnect-Request, repeats it and proves the answer. For {@code send}, the demo and tests.
 *
 * <p>May depend on {@code radius} and {@code datagram}. Open {@link
 * io.coagateway.dac.DynamicAuthorizationClient} first, then {@code RequestExchange}, which is the
 * machine without sockets.
 *
 * <p>tinyradius has a client too. It is not used here, because it adds a Proxy-State of its own to
 * each request, to find the answer by, which changes what was asked to be sent; it repeats at a
 * fixed interval instead of RFC 5080 section 2.2.1's; and it neither adds a Message-Authenticator
 * to these requests nor checks the one of an answer. What this client sends is judged by
 * radclient's own server side and tshark in the integration tests.
 */
package io.coagateway.dac;
