package io.coagateway.radius;

import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the configuration says about requests.
 *
 * @param nasIdentifiers the NAS's names; none: any NAS-Identifier is taken
 * @param nasAddresses the NAS's addresses, both families; none: any NAS-IP-Address and
 *     NAS-IPv6-Address is taken
 * @param otherAttributes what to do with an attribute that the gateway does not support
 * @param strictDisconnect whether Framed-IP-Address, Framed-Interface-Id and Framed-IPv6-Prefix are
 *     refused in a Disconnect-Request, as the table of RFC 5176 section 3.6 has it (its section 3
 *     and its example in section 7 use them)
 * @param vendorIdentification vendors' attributes that identify a session
 * @param supportedChange whether the mapping has a place for an attribute
 */
public record RequestParameters(
    Set<String> nasIdentifiers,
    Set<InetAddress> nasAddresses,
    OtherAttributes otherAttributes,
    boolean strictDisconnect,
    Set<AttributeId> vendorIdentification,
    Predicate<AttributeId> supportedChange) {
  /** What happens to an attribute that the gateway does not support. */
  public enum OtherAttributes {
    /** NAK with 401 (RFC 5176 section 3). */
    REJECT,
    /** Counted and ignored. */
    IGNORE
  }

  /** Copies the sets. */
  public RequestParameters {
    nasIdentifiers = Set.copyOf(nasIdentifiers);
    nasAddresses = Set.copyOf(nasAddresses);
    Objects.requireNonNull(otherAttributes);
    vendorIdentification = Set.copyOf(vendorIdentification);
    Objects.requireNonNull(supportedChange);
    for (AttributeId id : vendorIdentification) {
      if (!id.isVendor()) {
        throw new IllegalArgumentException(id + " is no vendor's attribute");
      }
    }
  }

  /** Any NAS, nothing beyond RFC 5176; changes as the predicate says. */
  public static RequestParameters defaults(Predicate<AttributeId> supportedChange) {
    return new RequestParameters(
        Set.of(), Set.of(), OtherAttributes.REJECT, false, Set.of(), supportedChange);
  }

  Set<Octets> identifierOctets() {
    Set<Octets> octets = new HashSet<>();
    nasIdentifiers.forEach(text -> octets.add(Octets.ofUtf8(text)));
    return octets;
  }

  Set<Octets> addressOctets() {
    Set<Octets> octets = new HashSet<>();
    List.copyOf(nasAddresses).forEach(a -> octets.add(Octets.copyOf(a.getAddress())));
    return octets;
  }
}
