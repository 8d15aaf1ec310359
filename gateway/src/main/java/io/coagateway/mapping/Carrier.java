package io.coagateway.mapping;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.radius.AttributeId;
import java.util.Set;

/**
 * How new values reach one DHCPv6 server ({@code carry-options} in the configuration).
 *
 * @param kind the way
 * @param rsooOptions for {@link Kind#RSOO}: the options that this server lets a relay supply; built
 *     in is 65 alone (RFC 6422 section 8)
 * @param knownAttributes for {@link Kind#NONE}: the attributes whose changes the server learns by
 *     itself
 */
public record Carrier(Kind kind, Set<OptionCode> rsooOptions, Set<AttributeId> knownAttributes) {
  /** The way. */
  public enum Kind {
    /** As DHCPv6 options in the RSOO (RFC 6422). */
    RSOO,
    /** As RADIUS attributes in OPTION_RADIUS (RFC 7037). */
    RADIUS,
    /** Not by us: the server reads its own data, our message is only the trigger. */
    NONE
  }

  /** Copies the sets. */
  public Carrier {
    rsooOptions = Set.copyOf(rsooOptions);
    knownAttributes = Set.copyOf(knownAttributes);
  }
}
