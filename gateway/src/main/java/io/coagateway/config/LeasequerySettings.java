package io.coagateway.config;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.leasequery.MissParameters;
import io.coagateway.leasequery.RecoveryParameters;

/**
 * Recovery of the table by leasequery, and what is done about single misses.
 *
 * @param atStart whether the servers are asked when the table is empty at start
 * @param recovery whom and for what; without remote-ids, which {@code table recover} adds
 * @param miss a session that the table does not know
 */
public record LeasequerySettings(
    boolean atStart, RecoveryParameters recovery, MissParameters miss) {
  /** The same for the records of {@code name}, asked by {@code duid}. */
  public LeasequerySettings forNas(String name, Duid duid) {
    return new LeasequerySettings(atStart, recovery, miss.forNas(name, duid));
  }
}
