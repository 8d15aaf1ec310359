/**
 * One request from lookup to verdict: which sessions, which exchanges, which Error-Cause.
 *
 * <p>May depend on radius, dhcpv6, subscriber, mapping and relay. Everything here runs on the
 * gateway's event loop; what other threads complete hops there first. Open {@link
 * io.coagateway.dynauth.DynamicAuthorizationService} first, then {@code CoaOperation} and {@code
 * DisconnectOperation}, the two plans; {@link io.coagateway.dynauth.Finding} is the table of
 * answers.
 */
package io.coagateway.dynauth;
