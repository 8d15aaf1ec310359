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
  /** Every vendor's are permitted inside 26, but not inside 241.26 to 246.26 (RFC 6929). */
  private static final int VENDOR_SPECIFIC = 26;

  /** Octets of a value (RFC 2865 section 5). */
  private static final int LONGEST = 253;

  /** The rest of IANA's "RADIUS Attributes Permitted in DHCPv6 RADIUS Option". */
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
    return attribute.type() == VENDOR_SPECIFIC || PERMITTED.contains(attribute);
  }

  /**
   * Replaces all values of one attribute; the new ones stand last. Doing it twice is harmless.
   *
   * @throws UnusableValueException when a name of RFC 6519 section 4.1 is none, or too long; text
   *     is taken for one, as {@link Form#FQDN} takes it, but does not leave as text
   */
  void replace(AttributeId attribute, List<Octets> given) throws UnusableValueException {
    List<Octets> values = attribute.equals(Attributes.DS_LITE_TUNNEL_NAME) ? names(given) : given;
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

  /** As labels a name is two octets longer than as text, which may be two too many. */
  private static List<Octets> names(List<Octets> given) throws UnusableValueException {
    List<Octets> names = Form.FQDN.bodies(given);
    for (Octets name : names) {
      if (name.length() > LONGEST) {
        throw UnusableValueException.badValue(
            "the name takes %d octets as labels, and a RADIUS attribute holds %d"
                .formatted(name.length(), LONGEST));
      }
    }
    return names;
  }

  Optional<RadiusOption> toOption() {
    return attributes.isEmpty()
        ? Optional.empty()
        : Optional.of(new RadiusOption(AttributeList.of(attributes).encode(dictionary)));
  }
}
