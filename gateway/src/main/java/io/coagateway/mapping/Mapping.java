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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
  private final List<Integer> ofDhcpv6OptionsAlone; // that no other attribute makes
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
    allowed.removeAll(targets.keySet());
    this.ofDhcpv6OptionsAlone = List.copyOf(allowed);
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
    for (int i = 0; i < changes.size(); i++) {
      AttributeId attribute = changes.get(i).id();
      if (isFirst(changes, i)) {
        try {
          application.apply(attribute, values(changes, i));
        } catch (UnusableValueException e) {
          return new MappingResult.Refused(e.errorCause(), attribute, e.getMessage());
        }
        if (application.uncarried != null) {
          return new MappingResult.Refused(
              ErrorCause.UNSUPPORTED_ATTRIBUTE, attribute, application.uncarried);
        }
      }
    }
    return new MappingResult.Mapped(application.next(), List.copyOf(application.ignored));
  }

  /** Whether the attribute at {@code index} has not come before; all its values go together. */
  private static boolean isFirst(List<Attribute> changes, int index) {
    for (int i = 0; i < index; i++) {
      if (changes.get(i).id().equals(changes.get(index).id())) {
        return false;
      }
    }
    return true;
  }

  private static List<Octets> values(List<Attribute> changes, int first) {
    List<Octets> values = new ArrayList<>(1);
    for (int i = first; i < changes.size(); i++) {
      if (changes.get(i).id().equals(changes.get(first).id())) {
        values.add(changes.get(i).value());
      }
    }
    return values;
  }

  /** One walk over the changes of one request. */
  private final class Application {
    private final OptionList current;
    private final List<Carrier> carriers;
    private final List<Integer> replaced = new ArrayList<>(4);
    private final List<Option> added = new ArrayList<>(4);
    private final List<AttributeId> ignored = new ArrayList<>(0);
    private Optional<RadiusAttributes> radiusAttributes = Optional.empty();
    private List<Option> refused = List.of();
    private String uncarried;

    Application(OptionList current, List<Carrier> carriers) {
      this.current = current;
      this.carriers = carriers;
    }

    void apply(AttributeId attribute, List<Octets> values) throws UnusableValueException {
      MappingRow row = rows.get(attribute);
      boolean carried = row != null && applyRow(row, values);
      for (int i = 0; i < carriers.size(); i++) {
        Carrier carrier = carriers.get(i);
        switch (carrier.kind()) {
          case RSOO -> {
            // by the row, above
          }
          case RADIUS -> {
            if (RadiusAttributes.isPermitted(attribute)) {
              radiusAttributes().replace(attribute, values);
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
                  : "no server of this session takes " + untaken() + " from the relay";
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
          throw row.makesNames() // a name it is by now, but none for this option
              ? UnusableValueException.badValue(e.getMessage())
              : UnusableValueException.badForm(e.getMessage());
        }
      }
      if (!rsooTakes(options)) {
        refused = options;
        return false;
      }
      int before = replaced.size();
      replaced.addAll(row.options());
      if (row.attribute().equals(DHCPV6_OPTIONS)) {
        replaced.addAll(ofDhcpv6OptionsAlone); // also what it does not name any more
      }
      for (int i = 0; i < options.size(); i++) {
        int code = options.get(i).code().number();
        if (replaced.lastIndexOf(code) < before) {
          replaced.add(code);
        }
      }
      for (int i = before; i < replaced.size(); i++) {
        if (replaced.indexOf(replaced.get(i)) < before) {
          throw UnusableValueException.badValue(
              "option " + replaced.get(i) + " is set by another attribute of the same request");
        }
      }
      added.addAll(options);
      return true;
    }

    private String untaken() {
      return refused.isEmpty()
          ? "options"
          : refused.stream()
              .map(option -> option.code().toString())
              .distinct()
              .collect(Collectors.joining(", "));
    }

    private boolean rsooTakes(List<Option> options) {
      for (int i = 0; i < carriers.size(); i++) {
        Carrier carrier = carriers.get(i);
        if (carrier.kind() == Carrier.Kind.RSOO && takesAll(carrier.rsooOptions(), options)) {
          return true;
        }
      }
      return false;
    }

    private static boolean takesAll(Set<OptionCode> taken, List<Option> options) {
      for (int i = 0; i < options.size(); i++) {
        if (!taken.contains(options.get(i).code())) {
          return false;
        }
      }
      return true;
    }

    private RadiusAttributes radiusAttributes() {
      if (radiusAttributes.isEmpty()) {
        radiusAttributes = Optional.of(new RadiusAttributes(current, dictionary));
      }
      return radiusAttributes.get();
    }

    OptionList next() {
      boolean radiusChanged = radiusAttributes.isPresent();
      List<Option> next = new ArrayList<>(current.size() + added.size() + 1);
      for (int i = 0; i < current.size(); i++) {
        Option option = current.all().get(i);
        if (!replaced.contains(option.code().number())
            && !(radiusChanged && option instanceof RadiusOption)) {
          next.add(option);
        }
      }
      next.addAll(added);
      radiusAttributes.flatMap(RadiusAttributes::toOption).ifPresent(next::add);
      return OptionList.of(next);
    }
  }
}
