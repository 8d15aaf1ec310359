package io.coagateway.config;

import io.coagateway.leasequery.RecoveryParameters;

/**
 * Recovery of the table by leasequery.
 *
 * @param atStart whether the servers are asked when the table is empty at start
 * @param recovery whom and for what; without remote-ids, which {@code table recover} adds
 */
public record LeasequerySettings(boolean atStart, RecoveryParameters recovery) {}
