package io.coagateway.mapping;

import static io.coagateway.radius.Attributes.DHCPV6_OPTIONS;

import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RadiusOption;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks the mapping table. The table says what an attribute turns into; the carriers of the servers
 * at hand say whether anybody takes it. What nobody takes is refused with Error-Cause 401, never
 * acknowledged in silence (RFC 5176 section 2.3).
 *
 * <p>Immutable and without I/O.
 */
public final class Mapping {
  private final Map<AttributeId, MappingRow> rows = new LinkedHashMap<>();
  private final Set<Integer> allowedInDhcpv6Options;
  private final OtherAttributes other;
  private final AttributeDictionary dictionary;

  /**
   * @param custom rows of the configuration; one for an attribute of the built-in table replaces it
   * @param dhcpv6Options options that a DAC may put into 245.3, besides 144 (RFC 9445 section
   *     8.4.2)
   * @param other what to do with what nobody carries
   * @param dictionary how attributes inside OPTION_RADIUS are laid out
   * @throws IllegalArgumentException when two rows name the same option
   */
  public Mapping(
      List<MappingRow> custom,
      Set<OptionCode> dhcpv6Options,
      OtherAttributes other,
      AttributeDictionary dictionary) {
    this.dictionary = dictionary;
    for (MappingRow row : MappingRow.builtIn()) {
      rows.put(row.attribute(), row);
    }
    for (MappingRow row : custom) {
      rows.put(row.attribute(), row);
    }
    Map<Integer, AttributeId> targets = new HashMap<>();
    for (MappingRow row : rows.values()) {
      for (Integer option : row.options()) {
        AttributeId taken = targets.putIfAbsent(option, row.attribute());
        if (taken != null) {
          throw new IllegalArgumentException(
              "two mapping rows, for attributes "
                  + taken
                  + " and "
                  + row.attribute()
                  + ", both make option "
                  + option);
        }
      }
    }
    Set<Integer> allowed = new HashSet<>(Set.of(144)); // OPTION_V6_DNR, RFC 9463
    dhcpv6Options.forEach(code -> allowed.add(code.number()));
    this.allowedInDhcpv6Options = Set.copyOf(allowed);
    this.other = other;
  }

  /** The table in force, built-in rows first. */
  public List<MappingRow> rows() {
    return List.copyOf(rows.values());
  }

  /** Whether any of {@code carriers} could take a change of {@code attribute} to its server. */
  public boolean mayCarry(AttributeId attribute, Collection<Carrier> carriers) {
    for (Carrier carrier : carriers) {
      boolean takes =
          switch (carrier.kind()) {
            case RSOO -> rows.containsKey(attribute);
            case RADIUS -> RadiusAttributes.isPermitted(attribute);
            case NONE -> carrier.knownAttributes().contains(attribute);
          };
      if (takes) {
        return true;
      }
    }
    return false;
  }

  /**
   * Applies the changes of one request to one session.
   *
   * @param changes the change attributes in packet order; none means that the client is asked to
   *     come back for what is supplied already
   * @param current what the relay supplies for this session now
   * @param carriers of all servers that the session's message goes to
   */
  public MappingResult apply(List<Attribute> changes, OptionList current, List<Carrier> carriers) {
    if (changes.isEmpty()) {
      return new MappingResult.Mapped(current, List.of());
    }
    Application application = new Application(current, carriers);
    for (Map.Entry<AttributeId, List<Octets>> change : byAttribute(changes).entrySet()) {
      try {
        application.apply(change.getKey(), change.getValue());
      } catch (UnusableValueException e) {
        return new MappingResult.Refused(e.errorCause(), change.getKey(), e.getMessage());
      }
      if (application.uncarried != null) {
        return new MappingResult.Refused(
            ErrorCause.UNSUPPORTED_ATTRIBUTE, change.getKey(), application.uncarried);
      }
    }
    return new MappingResult.Mapped(application.next(), List.copyOf(application.ignored));
  }

  private static Map<AttributeId, List<Octets>> byAttribute(List<Attribute> changes) {
    Map<AttributeId, List<Octets>> grouped = new LinkedHashMap<>();
    for (Attribute change : changes) {
      grouped.computeIfAbsent(change.id(), id -> new ArrayList<>(1)).add(change.value());
    }
    return grouped;
  }

  /** One walk over the changes of one request. */
  private final class Application {
    private final OptionList current;
    private final List<Carrier> carriers;
    private final Set<Integer> replaced = new HashSet<>();
    private final List<Option> added = new ArrayList<>();
    private final Set<AttributeId> ignored = new LinkedHashSet<>();
    private final RadiusAttributes radiusAttributes;
    private String uncarried;

    Application(OptionList current, List<Carrier> carriers) {
      this.current = current;
      this.carriers = carriers;
      this.radiusAttributes = new RadiusAttributes(current, dictionary);
    }

    void apply(AttributeId attribute, List<Octets> values) throws UnusableValueException {
      MappingRow row = rows.get(attribute);
      boolean carried = row != null && applyRow(row, values);
      for (Carrier carrier : carriers) {
        switch (carrier.kind()) {
          case RSOO -> {
            // by the row, above
          }
          case RADIUS -> {
            if (RadiusAttributes.isPermitted(attribute)) {
              radiusAttributes.replace(attribute, values);
              carried = true;
            }
          }
          case NONE -> carried |= carrier.knownAttributes().contains(attribute);
        }
      }
      if (!carried) {
        if (other == OtherAttributes.IGNORE) {
          ignored.add(attribute);
        } else {
          uncarried =
              row == null
                  ? "no mapping row makes a DHCPv6 option of it, and no server takes it as it is"
                  : "no server of this session takes option " + row.options() + " from the relay";
        }
      }
    }

    /** Converts, and takes the options over when one server's RSOO list holds them all. */
    private boolean applyRow(MappingRow row, List<Octets> values) throws UnusableValueException {
      List<Produced> produced = row.conversion().convert(values);
      List<Option> options = new ArrayList<>(produced.size());
      for (Produced one : produced) {
        if (row.attribute().equals(DHCPV6_OPTIONS)
            && !allowedInDhcpv6Options.contains(one.code())) {
          // RFC 9445 section 3.2 would ignore it; RFC 5176 section 2.3 wants no silent ACK
          throw UnusableValueException.badValue(
              "option " + one.code() + " is not on the list of options that a DAC may set");
        }
        try {
          options.add(Option.parse(new OptionCode(one.code()), one.body()));
        } catch (MalformedException e) {
          throw UnusableValueException.badForm(e.getMessage());
        }
      }
      if (!rsooTakes(options)) {
        return false;
      }
      Set<Integer> codes = new HashSet<>(row.options());
      options.forEach(option -> codes.add(option.code().number()));
      for (Integer code : codes) {
        if (!replaced.add(code)) {
          throw UnusableValueException.badValue(
              "option " + code + " is set by another attribute of the same request");
        }
      }
      added.addAll(options);
      return true;
    }

    private boolean rsooTakes(List<Option> options) {
      for (Carrier carrier : carriers) {
        if (carrier.kind() == Carrier.Kind.RSOO
            && options.stream().allMatch(o -> carrier.rsooOptions().contains(o.code()))) {
          return true;
        }
      }
      return false;
    }

    OptionList next() {
      List<Option> next = new ArrayList<>();
      for (Option option : current.all()) {
        boolean stays =
            !replaced.contains(option.code().number())
                && !(radiusAttributes.isChanged() && option instanceof RadiusOption);
        if (stays) {
          next.add(option);
        }
      }
      next.addAll(added);
      if (radiusAttributes.isChanged()) {
        radiusAttributes.toOption().ifPresent(next::add);
      }
      return OptionList.of(next);
    }
  }
}
