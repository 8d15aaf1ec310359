/**
 * What a dynamic-authorization request and its answer are (RFC 5176): packets, authenticators,
 * attributes, identification, Error-Cause. No I/O.
 *
 * <p>Depends on nothing else of the gateway but {@code wire} and {@code time}. Open {@link
 * io.coagateway.radius.RadiusPacket} first.
 */
package io.coagateway.radius;
