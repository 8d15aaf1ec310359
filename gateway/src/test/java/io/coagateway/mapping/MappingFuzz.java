package io.coagateway.mapping;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Any values of the attributes that the mapping knows: options that a strict reader reads back the
 * same, or a refusal with its reason. The first octet of a step chooses the attribute.
 */
public final class MappingFuzz {
  private static final List<AttributeId> CHANGES =
      List.of(
          Attributes.DS_LITE_TUNNEL_NAME,
          Attributes.DNS_SERVER_IPV6_ADDRESS,
          Attributes.DHCPV6_OPTIONS,
          Attributes.DELEGATED_IPV6_PREFIX,
          Attributes.SOFTWIRE46_CONFIGURATION,
          Attributes.USER_NAME);
  private static final Mapping MAPPING =
      new Mapping(
          List.of(), Set.of(), OtherAttributes.IGNORE, AttributeDictionary.builder().build());
  private static final List<List<Carrier>> CARRIERS =
      List.of(
          List.of(new Carrier(Carrier.Kind.RADIUS, Set.of(), Set.of())),
          List.of(
              new Carrier(
                  Carrier.Kind.RSOO,
                  Set.of(
                      OptionCode.AFTR_NAME,
                      OptionCode.DNS_SERVERS,
                      new OptionCode(94),
                      new OptionCode(95),
                      new OptionCode(96)),
                  Set.of())));

  private MappingFuzz() {}

  /** Where to start: every change of the vectors. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("mapping");
    for (Vector vector : VectorFile.folder("mapping")) {
      for (String change : vector.all("change")) {
        String[] parts = change.split("=", 2);
        int at = CHANGES.indexOf(AttributeId.parse(parts[0].strip()));
        if (at >= 0) {
          seeds.add(Seeds.step(at, Octets.ofHex(parts[1])));
          seeds.add(Seeds.step(0x80 | at, Octets.ofHex(parts[1])));
        }
      }
    }
    return seeds;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    List<Attribute> changes = new ArrayList<>();
    Steps steps = new Steps(input);
    int carrier = 0;
    while (steps.next()) {
      carrier = steps.what() >> 7;
      AttributeId id = CHANGES.get((steps.what() & 0x7f) % CHANGES.size());
      // Longer values come in fragments alone (RFC 6929 section 2.2).
      int most = id.equals(Attributes.DHCPV6_OPTIONS) ? 4000 : 252;
      Octets value = steps.octets().slice(0, Math.min(most, steps.octets().length()));
      changes.add(new Attribute(id, value));
    }
    MappingResult result = MAPPING.apply(changes, OptionList.EMPTY, CARRIERS.get(carrier));
    switch (result.kind()) {
      case MAPPED -> {
        OptionList next = ((MappingResult.Mapped) result).next();
        try {
          equal(OptionList.parse(next.encode()), next, "the options");
        } catch (MalformedException e) {
          throw new AssertionError("malformed options: " + next.encode(), e);
        } catch (IllegalStateException e) {
          require(next.encodedLength() > 65_535, e::toString); // one that no message holds
        }
      }
      case REFUSED ->
          require(!((MappingResult.Refused) result).reason().isBlank(), () -> "no reason");
    }
  }
}
