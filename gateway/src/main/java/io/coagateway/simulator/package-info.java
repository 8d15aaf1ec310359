/**
 * The DHCPv6 server role of RFC 6977 and of draft-gandhewar-dhc-v6-relay-initiated-release, with
 * leases: for the demo, for trials before production, and for tests.
 *
 * <p>May depend on {@code dhcpv6} and {@code datagram}. Open {@link
 * io.coagateway.simulator.SimulatedServer} first: a pure machine, datagram in, datagrams out.
 * {@link io.coagateway.simulator.SimulatedServerChannel} puts it on a UDP socket.
 */
package io.coagateway.simulator;
