/**
 * Wires everything, starts in flow order, stops in reverse.
 *
 * <p>May depend on every package but cli, simulator, dac and datagram. Open {@link
 * io.coagateway.app.GatewayProcess} first: it is the list of all parts.
 */
package io.coagateway.app;
