/**
 * The requestor of BULK LEASEQUERY (RFC 5460): asks the DHCPv6 servers which leases they gave
 * through our relay, and puts them into the subscriber table when it was lost. What leasequery does
 * not tell (IAIDs, session attributes, Reconfigure Accept) stays unknown: a record recovered this
 * way is marked by its identity associations without IAID.
 *
 * <p>May depend on {@code dhcpv6} and {@code subscriber}. Open {@link
 * io.coagateway.leasequery.Recovery} first: which queries are asked, in which order. {@link
 * io.coagateway.leasequery.BulkExchange} is one query as a machine without sockets, {@link
 * io.coagateway.leasequery.LeaseMerge} what an answer makes of a record.
 */
package io.coagateway.leasequery;
