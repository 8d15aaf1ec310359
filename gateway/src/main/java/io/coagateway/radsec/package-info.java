/**
 * RADIUS over TLS (RFC 6614): connections that clients open to us, and those that we open to a
 * RADIUS server so that its CoA comes back over them (draft-ietf-radext-reverse-coa); who is at the
 * other end, where a packet ends, when a connection does. What a packet asks for is judged
 * elsewhere.
 *
 * <p>May depend on {@code radius} and {@code listen}. Open {@link
 * io.coagateway.radsec.TlsTransport} first, then {@code TlsConnection}.
 */
package io.coagateway.radsec;
