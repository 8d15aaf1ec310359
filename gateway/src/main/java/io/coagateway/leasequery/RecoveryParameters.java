package io.coagateway.leasequery;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.wire.Ipv6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask for leases, and for which.
 *
 * @param servers in the order in which they are asked
 * @param relay the DUID in the Relay-Id option of our relay, and ours as requestor
 * @param nas of the records
 * @param links asked for one by one where a server knows nothing of the relay; never {@code ::}
 * @param remoteIds asked for one by one besides
 * @param silence after which a server is given up
 */
public record RecoveryParameters(
    List<Server> servers,
    Duid relay,
    String nas,
    List<Ipv6Address> links,
    List<RemoteIdOption> remoteIds,
    Duration silence) {
  /** Copies the lists. */
  public RecoveryParameters {
    servers = List.copyOf(servers);
    links = List.copyOf(links);
    remoteIds = List.copyOf(remoteIds);
  }

  /**
   * One server.
   *
   * @param name as configured
   * @param address where it takes BULK LEASEQUERY, TCP
   */
  public record Server(String name, InetSocketAddress address) {}
}
