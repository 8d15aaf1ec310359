/**
 * The gateway in the relay's path ({@code in-path} in conf/gateway.yaml): the next hop of DHCPv6
 * relays, which forwards RELAY-FORW to the servers and RELAY-REPL back, and adds what the
 * subscriber table says that a relay supplies (RFC 6422), so that a relay that cannot do so has not
 * to be changed.
 *
 * <p>The access network never stands still because of the gateway: whatever is wrong with the
 * table, with a record or with the client's message, the message is forwarded without the options.
 * So the package has sockets and an event loop of its own, which no RADIUS load and no database can
 * hold up, and starts before the table does.
 *
 * <p>May depend on {@code dhcpv6}, {@code relay} (servers and sockets) and {@code subscriber}. Open
 * {@link io.coagateway.inpath.InPathRelay} first; it argues why it is a relay of its own. {@link
 * io.coagateway.inpath.OwnLayer} is what it adds to a message and how it finds the way back, {@link
 * io.coagateway.inpath.SuppliedOptions} which options a client is given.
 */
package io.coagateway.inpath;
