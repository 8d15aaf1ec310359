package io.coagateway.subscriber;

import io.coagateway.wire.Ipv6Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One identity association of a client and what is leased in it (RFC 8415 section 4.2).
 *
 * @param type which kind
 * @param iaid 0 to 4294967295; empty when nobody saw it, as after a leasequery, whose answers hold
 *     none
 * @param leases addresses as /128, delegated prefixes with their length
 * @param validUntil when each lease ends, in the order of {@code leases} and in whole seconds,
 *     {@link #FOREVER} where it does not; empty when nobody saw the lifetimes, and then nothing
 *     expires
 */
public record IdentityAssociation(
    Type type, OptionalLong iaid, List<Ipv6Prefix> leases, List<Instant> validUntil) {
  /** The end of a lease whose lifetime is infinity (RFC 8415 section 7.7). */
  public static final Instant FOREVER = Instant.MAX;

  /** The three kinds of identity association. */
  public enum Type {
    /** Non-temporary addresses (RFC 8415 section 21.4). */
    IA_NA,
    /** Temporary addresses (RFC 8415 section 21.5). */
    IA_TA,
    /** Delegated prefixes (RFC 8415 section 21.21). */
    IA_PD
  }

  /**
   * Copies the lists; refuses an IAID out of range, an address that is not a /128, and ends of
   * another number of leases.
   */
  public IdentityAssociation {
    leases = List.copyOf(leases);
    validUntil = List.copyOf(validUntil);
    if (!validUntil.isEmpty() && validUntil.size() != leases.size()) {
      throw new IllegalArgumentException(
          validUntil.size() + " ends for " + leases.size() + " leases; give one for each, or none");
    }
    if (iaid.isPresent() && (iaid.getAsLong() < 0 || iaid.getAsLong() > 0xffffffffL)) {
      throw new IllegalArgumentException(
          "iaid " + iaid.getAsLong() + " is not in 0 to 4294967295 (four octets)");
    }
    for (Ipv6Prefix lease : leases) {
      if (type != Type.IA_PD && lease.length() != 128) {
        throw new IllegalArgumentException(
            "\"" + lease + "\" is a prefix; " + type + " holds addresses");
      }
    }
  }

  /** With leases that nobody saw the lifetimes of. */
  public IdentityAssociation(Type type, OptionalLong iaid, List<Ipv6Prefix> leases) {
    this(type, iaid, leases, List.of());
  }

  /** When the lease at {@code index} ends; empty when nobody saw it. */
  public Optional<Instant> end(int index) {
    return validUntil.isEmpty() ? Optional.empty() : Optional.of(validUntil.get(index));
  }

  /** When the first of the leases ends; {@link #FOREVER} when none does, as far as is known. */
  public Instant firstEnd() {
    return validUntil.stream().min(Instant::compareTo).orElse(FOREVER);
  }

  /** A lease as people write it: an address without a length, a delegated prefix with one. */
  public String leaseText(Ipv6Prefix lease) {
    return type == Type.IA_PD ? lease.toString() : lease.address().toString();
  }
}
