/**
 * What a dynamic-authorization request and its answer are (RFC 5176): packets, authenticators,
 * attributes, identification, Error-Cause; no I/O.
 *
 * <p>Depends on nothing else of the gateway but {@code wire} and {@code time}. Open {@link
 * io.coagateway.radius.DynamicAuthorizationRequest} first, then {@link
 * io.coagateway.radius.RadiusPacket} and {@link io.coagateway.radius.AttributeList} (octets to
 * attributes), and {@link io.coagateway.radius.RequestRules} (what a request may hold).
 */
package io.coagateway.radius;
