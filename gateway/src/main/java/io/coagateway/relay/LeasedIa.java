package io.coagateway.relay;

import io.coagateway.wire.Ipv6Prefix;
import java.util.List;
import java.util.OptionalLong;

/**
 * One identity association whose leases are to be released.
 *
 * @param type which kind
 * @param iaid its IAID, 0 to 4294967295; empty when nobody knows it
 * @param leases addresses as /128, or delegated prefixes; at least one
 */
public record LeasedIa(Type type, OptionalLong iaid, List<Ipv6Prefix> leases) {
  /** The kinds of identity association. Their IAID spaces are separate. */
  public enum Type {
    /** Non-temporary addresses (RFC 8415 section 21.4). */
    IA_NA,
    /** Temporary addresses (RFC 8415 section 21.5). */
    IA_TA,
    /** Delegated prefixes (RFC 8415 section 21.21). */
    IA_PD
  }

  /** Copies the list; refuses none. */
  public LeasedIa {
    leases = List.copyOf(leases);
    if (leases.isEmpty()) {
      throw new IllegalArgumentException("an identity association to release needs a lease");
    }
  }
}
