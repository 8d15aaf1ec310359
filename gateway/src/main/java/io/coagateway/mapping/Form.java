package io.coagateway.mapping;

import io.coagateway.dhcpv6.DomainName;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/** How the values of one RADIUS attribute become one DHCPv6 option: the forms a row may name. */
public enum Form {
  /** One domain name (RFC 8415 section 10), given in wire or text form. */
  FQDN("fqdn") {
    @Override
    List<Octets> bodies(List<Octets> values) throws UnusableValueException {
      if (values.size() != 1) {
        throw UnusableValueException.badForm("exactly one name is needed, found " + values.size());
      }
      return List.of(encodedName(values.get(0)));
    }
  },
  /** Names back to back in one option, in order. */
  FQDN_LIST("fqdn-list") {
    @Override
    List<Octets> bodies(List<Octets> values) throws UnusableValueException {
      OctetWriter all = new OctetWriter();
      for (Octets value : values) {
        all.octets(encodedName(value));
      }
      return List.of(all.toOctets());
    }
  },
  /** IPv6 addresses in one option, 16 octets each, in order of preference. */
  ADDRESS_LIST("address-list") {
    @Override
    List<Octets> bodies(List<Octets> values) throws UnusableValueException {
      return List.of(joined(values, 16, "an IPv6 address"));
    }
  },
  /** Text or octets as they are, one option for each value. */
  STRING("string") {
    @Override
    List<Octets> bodies(List<Octets> values) {
      return values;
    }
  },
  /** Octets as they are, one option for each value. */
  OCTETS("octets") {
    @Override
    List<Octets> bodies(List<Octets> values) {
      return values;
    }
  },
  /** Integers of 4 octets in one option, in order. */
  INTEGERS("integers") {
    @Override
    List<Octets> bodies(List<Octets> values) throws UnusableValueException {
      return List.of(joined(values, 4, "an integer"));
    }
  };

  private final String configName;

  Form(String configName) {
    this.configName = configName;
  }

  /** The word for it in the configuration ({@code as:}). */
  public String configName() {
    return configName;
  }

  /** The option bodies for all values of the attribute. */
  abstract List<Octets> bodies(List<Octets> values) throws UnusableValueException;

  private static Octets joined(List<Octets> values, int width, String what)
      throws UnusableValueException {
    OctetWriter all = new OctetWriter(values.size() * width);
    for (Octets value : values) {
      if (value.length() != width) {
        throw UnusableValueException.badForm(
            what + " has " + width + " octets, found " + value.length());
      }
      all.octets(value);
    }
    return all.toOctets();
  }

  /**
   * A name in either form. RFC 6519 section 4.1 asks for the wire form, but FreeRADIUS types the
   * attribute as text, so both are met. They cannot be confused: text never ends in a zero octet.
   */
  private static Octets encodedName(Octets value) throws UnusableValueException {
    if (!value.isEmpty() && value.u8(value.length() - 1) == 0) {
      return wireName(value);
    }
    for (int i = 0; i < value.length(); i++) {
      int c = value.u8(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '.'
              || c == '_';
      if (!plain) {
        throw UnusableValueException.badValue(
            "\"" + value.toUtf8() + "\" is neither a domain name in wire form nor its text");
      }
    }
    try {
      return hostName(DomainName.ofText(value.toUtf8()));
    } catch (IllegalArgumentException e) {
      throw UnusableValueException.badValue(e.getMessage());
    }
  }

  private static Octets wireName(Octets value) throws UnusableValueException {
    try {
      return hostName(DomainName.parse(value));
    } catch (MalformedException e) {
      throw UnusableValueException.badValue("not a domain name in wire form: " + e.getMessage());
    }
  }

  private static Octets hostName(DomainName name) throws UnusableValueException {
    if (name.isRoot()) {
      throw UnusableValueException.badValue("the root is no name of a host");
    }
    return name.wire();
  }

  /** All words that the configuration may use. */
  public static List<String> configNames() {
    List<String> names = new ArrayList<>();
    for (Form form : values()) {
      names.add(form.configName);
    }
    return names;
  }
}
