/**
 * The gateway among real peers: what it must show, as tests that run its jar.
 *
 * <p>May depend on lab. Open {@link io.coagateway.it.LabIT} first, which tries the lab itself.
 */
package io.coagateway.it;
