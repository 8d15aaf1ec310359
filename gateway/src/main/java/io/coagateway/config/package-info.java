/**
 * Reads conf/gateway.yaml and the dictionaries, reports every problem at once, and builds the
 * parameter records of the packages that run.
 *
 * <p>May depend on every package that owns parameters: das, radsec, accounting, dynauth, relay,
 * inpath, leasequery, subscriber, mapping, ratelimit, admin, with radius and dhcpv6 for their
 * names. Only app and cli see this package.
 *
 * <p>Open {@link io.coagateway.config.GatewayConfig} first, then {@code RadiusReader} for how one
 * part of the file is read: a {@code Section} hands out values by key and {@code Form} and keeps
 * account of what was asked for, so that an unknown key, a missing one and a wrong one are found in
 * the same run.
 */
package io.coagateway.config;
