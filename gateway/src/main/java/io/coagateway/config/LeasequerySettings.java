package io.coagateway.config;

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
    boolean atStart, RecoveryParameters recovery, MissParameters miss) {}
