/**
 * Load and its measurement: requests, the generator that sends them and judges the answers, a fast
 * DHCPv6 server, an echo to compare with, and the bench that runs them side by side.
 *
 * <p>May depend on lab, which starts the programs, and on nothing of the gateway: what is measured
 * must not judge itself. Open {@link io.coagateway.load.Bench} first.
 */
package io.coagateway.load;
