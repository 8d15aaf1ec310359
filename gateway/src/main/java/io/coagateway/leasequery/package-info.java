/**
 * The requestor of BULK LEASEQUERY (RFC 5460): asks the DHCPv6 servers which leases they gave
 * through our relay, and puts them into the subscriber table when it was lost. What leasequery does
 * not tell (IAIDs, session attributes, Reconfigure Accept) stays unknown: a record recovered this
 * way is marked by its identity associations without IAID.
 *
 * <p>And the requestor of LEASEQUERY over UDP (RFC 5007): asks for the one client of a session that
 * the table does not know.
 *
 * <p>May depend on {@code dhcpv6}, {@code subscriber}, {@code radius} and {@code relay} (datagrams,
 * retransmission, servers). Open {@link io.coagateway.leasequery.Recovery} first: which queries are
 * asked, in which order. {@link io.coagateway.leasequery.BulkExchange} is one query as a machine
 * without sockets, {@link io.coagateway.leasequery.LeaseMerge} what an answer makes of a record;
 * {@link io.coagateway.leasequery.MissedSessions} what is done about a single miss, {@link
 * io.coagateway.leasequery.LeasequeryClient} how servers are asked for it.
 */
package io.coagateway.leasequery;
