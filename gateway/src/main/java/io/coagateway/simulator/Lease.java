package io.coagateway.simulator;

import io.coagateway.wire.Ipv6Prefix;
import java.util.OptionalLong;

/**
 * One address or prefix that a client holds.
 *
 * @param type of the identity association
 * @param iaid of the identity association, 32 bits; empty: not known, then any fits
 * @param prefix an address as /128
 */
public record Lease(IaType type, OptionalLong iaid, Ipv6Prefix prefix) {
  /** Whether the lease is in that identity association. */
  boolean isIn(IaType otherType, long otherIaid) {
    return type == otherType && (iaid.isEmpty() || iaid.getAsLong() == otherIaid);
  }
}
