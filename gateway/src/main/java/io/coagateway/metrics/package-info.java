/**
 * Counters, gauges and histograms in Prometheus's form, fed through the observer interfaces that
 * das, relay, dynauth and subscriber declare.
 *
 * <p>May depend on das, radsec, listen, dynauth, subscriber, relay, inpath, accounting, capture,
 * learn and leasequery, with radius and dhcpv6 for the values that the observers carry. Names
 * follow Prometheus's conventions, and the MIBs of the RADIUS dynamic authorization server (RFC
 * 4673) in what is counted; conf/METRICS.md explains each.
 *
 * <p>Open {@link io.coagateway.metrics.GatewayMetrics} first, then {@code Metric}, the list of all
 * names.
 */
package io.coagateway.metrics;
