package io.coagateway.mapping;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RadiusOption;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The attributes inside OPTION_RADIUS (81, RFC 7037 section 4). Those of one type keep their order
 * (MUST); a change replaces all of its type and leaves the others.
 */
final class RadiusAttributes {
  /** IANA "RADIUS Attributes Permitted in DHCPv6 RADIUS Option"; 26 covers every vendor's. */
  private static final Set<AttributeId> PERMITTED =
      Set.of(
          Attributes.DELEGATED_IPV6_PREFIX,
          Attributes.DS_LITE_TUNNEL_NAME,
          Attributes.FRAMED_IPV6_ADDRESS,
          Attributes.DNS_SERVER_IPV6_ADDRESS,
          Attributes.DELEGATED_IPV6_PREFIX_POOL,
          Attributes.STATEFUL_IPV6_ADDRESS_POOL,
          Attributes.DHCPV6_OPTIONS);

  private final AttributeDictionary dictionary;
  private List<Attribute> attributes;

  RadiusAttributes(OptionList supplied, AttributeDictionary dictionary) {
    this.dictionary = dictionary;
    this.attributes =
        supplied
            .first(RadiusOption.class)
            .map(option -> AttributeList.parse(option.attributes(), dictionary).all())
            .orElse(List.of());
  }

  static boolean isPermitted(AttributeId attribute) {
    return attribute.isVendor() || PERMITTED.contains(attribute);
  }

  /** Replaces all values of one attribute; the new ones stand last. Doing it twice is harmless. */
  void replace(AttributeId attribute, List<Octets> values) {
    List<Attribute> next = new ArrayList<>(attributes.size() + values.size());
    for (Attribute old : attributes) {
      if (!old.id().equals(attribute)) {
        next.add(old);
      }
    }
    for (Octets value : values) {
      next.add(new Attribute(attribute, value));
    }
    attributes = next;
  }

  Optional<RadiusOption> toOption() {
    return attributes.isEmpty()
        ? Optional.empty()
        : Optional.of(new RadiusOption(AttributeList.of(attributes).encode(dictionary)));
  }
}
