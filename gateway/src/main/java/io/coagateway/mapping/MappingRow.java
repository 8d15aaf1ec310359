package io.coagateway.mapping;

import static io.coagateway.radius.Attributes.DHCPV6_OPTIONS;
import static io.coagateway.radius.Attributes.DNS_SERVER_IPV6_ADDRESS;
import static io.coagateway.radius.Attributes.DS_LITE_TUNNEL_NAME;
import static io.coagateway.radius.Attributes.SOFTWIRE46_CONFIGURATION;
import static io.coagateway.radius.Attributes.SOFTWIRE46_MULTICAST;
import static io.coagateway.radius.Attributes.SOFTWIRE46_PRIORITY;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.radius.AttributeId;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/**
 * One row of the mapping: what a RADIUS attribute turns into.
 *
 * @param attribute the change attribute of a CoA-Request
 * @param options the DHCPv6 options that belong to it: all of them are replaced when the attribute
 *     comes, given or not (RFC 5176 section 3.6 note 3); empty where the attribute names its
 *     options itself, as 245.3 does
 * @param form how it is turned, in a word
 * @param conversion the turning
 * @param source where the row comes from
 */
public record MappingRow(
    AttributeId attribute,
    List<Integer> options,
    String form,
    Conversion conversion,
    String source) {

  /** All values of one attribute, in packet order, to the options they make. */
  @FunctionalInterface
  interface Conversion {
    List<Produced> convert(List<Octets> values) throws UnusableValueException;
  }

  private static final String ONE = "one container";

  /** Copies the list. */
  public MappingRow {
    options = List.copyOf(options);
  }

  // attribute, options, form, conversion, source
  private static final List<MappingRow> BUILT_IN =
      List.of(
          of(DS_LITE_TUNNEL_NAME, 64, Form.FQDN, "RFC 6519 section 4.1; RFC 6334 section 3"),
          of(
              DNS_SERVER_IPV6_ADDRESS,
              23,
              Form.ADDRESS_LIST,
              "RFC 6911 section 3.2; RFC 3646 section 3"),
          row(
              SOFTWIRE46_CONFIGURATION,
              List.of(94, 95, 96),
              Softwire46::configuration,
              "RFC 8658 section 3.1; RFC 7598 section 5"),
          row(
              SOFTWIRE46_PRIORITY,
              List.of(111),
              Softwire46::priority,
              "RFC 8658 section 3.2; RFC 8026 section 1.4"),
          row(
              SOFTWIRE46_MULTICAST,
              List.of(113),
              Softwire46::multicast,
              "RFC 8658 section 3.3; RFC 8115 section 3"),
          new MappingRow(
              DHCPV6_OPTIONS,
              List.of(),
              "options",
              Dhcpv6OptionsAttribute::options,
              "RFC 9445 section 3.2"));

  /** The rows that need no configuration. */
  public static List<MappingRow> builtIn() {
    return BUILT_IN;
  }

  /** Whether names become options, so that what an option does not take is a value, not a form. */
  boolean makesNames() {
    return form.equals(Form.FQDN.configName()) || form.equals(Form.FQDN_LIST.configName());
  }

  /** A row of the configuration. */
  public static MappingRow of(AttributeId attribute, OptionCode option, Form form) {
    return of(attribute, option.number(), form, "configuration");
  }

  private static MappingRow of(AttributeId attribute, int option, Form form, String source) {
    return new MappingRow(
        attribute,
        List.of(option),
        form.configName(),
        values -> {
          List<Produced> produced = new ArrayList<>();
          for (Octets body : form.bodies(values)) {
            produced.add(new Produced(option, body));
          }
          return produced;
        },
        source);
  }

  /** A row whose attribute may come once and holds TLVs. */
  private static MappingRow row(
      AttributeId attribute, List<Integer> options, SingleValue single, String source) {
    return new MappingRow(
        attribute,
        options,
        ONE,
        values -> {
          if (values.size() != 1) {
            throw UnusableValueException.badForm(
                "the attribute may come once, found " + values.size());
          }
          return single.convert(values.get(0));
        },
        source);
  }

  @FunctionalInterface
  private interface SingleValue {
    List<Produced> convert(Octets value) throws UnusableValueException;
  }
}
