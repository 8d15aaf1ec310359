package io.coagateway.config;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionDictionary;
import io.coagateway.radius.AttributeDefinition;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;

/** Turns the names of attributes and options into what they stand for, once, while reading. */
final class Names {
  private final AttributeDictionary attributes;
  private final OptionDictionary options;

  Names(AttributeDictionary attributes, OptionDictionary options) {
    this.attributes = attributes;
    this.options = options;
  }

  AttributeDictionary attributes() {
    return attributes;
  }

  OptionDictionary options() {
    return options;
  }

  /** A RADIUS attribute by the name that the dictionaries give it, or as Attr-26.9.1. */
  Form<AttributeId> attribute() {
    return Form.of(
        text ->
            attributes
                .idOf(text)
                .orElseThrow(
                    () ->
                        new BadValue(
                            "is not an attribute of the dictionaries. "
                                + NearestName.to(
                                        text,
                                        attributes.definitions().stream()
                                            .map(AttributeDefinition::name)
                                            .toList())
                                    .map(near -> "Did you mean \"" + near + "\"?")
                                    .orElse(
                                        "Give a name like User-Name, numbers like Attr-26.9.1, or"
                                            + " add its dictionary under dictionaries."))),
        attributes::nameOf);
  }

  /** A DHCPv6 option by name or number. */
  Form<OptionCode> option() {
    return Form.of(
        text -> {
          try {
            return options.code(text);
          } catch (IllegalArgumentException e) {
            throw new BadValue(
                "is not a DHCPv6 option. "
                    + NearestName.to(
                            text,
                            options.definitions().stream()
                                .map(OptionDictionary.Definition::name)
                                .toList())
                        .map(near -> "Did you mean \"" + near + "\"?")
                        .orElse("Give a name like aftr-name or a number like 64."));
          }
        },
        code ->
            options
                .byCode(code)
                .map(OptionDictionary.Definition::name)
                .orElse(String.valueOf(code.number())));
  }
}
