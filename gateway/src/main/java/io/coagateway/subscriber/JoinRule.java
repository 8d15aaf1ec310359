package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.IdentificationValue;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Label;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a session of RADIUS is recognised in a record's DHCPv6 side. */
public enum JoinRule {
  /** An attribute of a vendor's holds the client's DUID. */
  CLIENT_DUID,
  /** Delegated-IPv6-Prefix (RFC 4818) is a prefix that was delegated. */
  DELEGATED_PREFIX,
  /** Framed-IPv6-Address (RFC 6911) is an address that was leased. */
  FRAMED_ADDRESS,
  /** An address that was leased lies in Framed-IPv6-Prefix (RFC 3162), a /64 or /128. */
  FRAMED_PREFIX,
  /** NAS-Port-Id (RFC 2869) is the relay's Interface-Id. */
  INTERFACE_ID,
  /** Calling-Station-Id is the Ethernet address in the client's DUID or peer-address. */
  LINK_LAYER_ADDRESS;

  private static final int PREFIX_HEADER = 2; // Reserved, Prefix-Length (RFC 3162 section 2.3)
  private static final int MAC_TEXT = 17;

  /** The name in the configuration, like {@code delegated-prefix}. */
  public String label() {
    return Label.of(this);
  }

  /**
   * What a record must have, any one of it; empty when the session does not tell.
   *
   * @param session attributes and values as on the wire
   * @param duidAttributes which attributes hold a DUID
   */
  public List<ClientKey> keys(List<Attribute> session, List<AttributeId> duidAttributes) {
    List<ClientKey> keys = new ArrayList<>(1);
    for (Attribute attribute : session) {
      key(attribute, duidAttributes).ifPresent(keys::add);
    }
    return keys;
  }

  private Optional<ClientKey> key(Attribute attribute, List<AttributeId> duidAttributes) {
    AttributeId id = attribute.id();
    Octets value = attribute.value();
    return switch (this) {
      case CLIENT_DUID ->
          duidAttributes.contains(id) ? duid(value).map(ClientKey::duid) : Optional.empty();
      case DELEGATED_PREFIX ->
          id.equals(Attributes.DELEGATED_IPV6_PREFIX)
              ? prefix(value).map(ClientKey::lease)
              : Optional.empty();
      case FRAMED_ADDRESS ->
          id.equals(Attributes.FRAMED_IPV6_ADDRESS) && value.length() == 16
              ? Optional.of(ClientKey.lease(new Ipv6Prefix(Ipv6Address.of(value, 0), 128)))
              : Optional.empty();
      case FRAMED_PREFIX ->
          id.equals(Attributes.FRAMED_IPV6_PREFIX)
              ? prefix(value).flatMap(JoinRule::inPrefix)
              : Optional.empty();
      case INTERFACE_ID ->
          id.equals(Attributes.NAS_PORT_ID)
              ? Optional.of(ClientKey.interfaceId(value))
              : Optional.empty();
      case LINK_LAYER_ADDRESS ->
          id.equals(Attributes.CALLING_STATION_ID) ? mac(value) : Optional.empty();
    };
  }

  private static Optional<ClientKey> inPrefix(Ipv6Prefix prefix) {
    return switch (prefix.length()) {
      case 128 -> Optional.of(ClientKey.lease(prefix));
      case 64 -> Optional.of(ClientKey.network(prefix.address()));
      default -> Optional.empty();
    };
  }

  /** A prefix may be cut after its last octet that counts (RFC 8044 section 3.10). */
  private static Optional<Ipv6Prefix> prefix(Octets value) {
    if (value.length() < PREFIX_HEADER || value.length() > PREFIX_HEADER + 16) {
      return Optional.empty();
    }
    int length = value.u8(1);
    if (length > 128 || value.length() - PREFIX_HEADER < (length + 7) / 8) {
      return Optional.empty();
    }
    byte[] octets = new byte[16];
    value.from(PREFIX_HEADER).copyTo(octets, 0);
    return Optional.of(new Ipv6Prefix(Ipv6Address.of(Octets.wrap(octets), 0), length).masked());
  }

  private static Optional<ClientKey> mac(Octets value) {
    Octets normal = IdentificationValue.normalize(Attributes.CALLING_STATION_ID, value);
    try {
      return normal.length() == MAC_TEXT
          ? Optional.of(ClientKey.linkLayerAddress(Octets.ofHex(normal.toUtf8())))
              .filter(key -> key.value().length() == 6)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no MAC address: a telephone number, a line's name
    }
  }

  /** Octets as they are, or as hex text, which some vendors send. */
  private static Optional<Duid> duid(Octets value) {
    try {
      boolean text = value.length() > 0 && value.u8(0) >= '0';
      return Optional.of(text ? Duid.ofHex(value.toUtf8()) : new Duid(value.compact()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
