/**
 * RADIUS accounting (RFC 2866): listens for Accounting-Requests and joins the sessions that they
 * tell of to the DHCPv6 side of the subscriber table.
 *
 * <p>May depend on {@code radius}, {@code das}, {@code datagram}, {@code listen}, {@code
 * subscriber}, {@code wire} and {@code time}. Open {@link io.coagateway.accounting.SessionJoiner}
 * first: it decides; {@link io.coagateway.subscriber.JoinRule} has the rules; {@code
 * AccountingReceiver} proves and answers packets, {@link io.coagateway.accounting.AccountingServer}
 * has the sockets.
 */
package io.coagateway.accounting;
