package io.coagateway.mapping;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/**
 * DHCPv6-Options (245.3, RFC 9445 section 3.2): a list of DHCPv6 options in the form of RFC 8415
 * section 21. Several attributes are several lists, taken in packet order; each must parse exactly
 * by itself, so that no option straddles two attributes.
 */
final class Dhcpv6OptionsAttribute {
  private Dhcpv6OptionsAttribute() {}

  static List<Produced> options(List<Octets> values) throws UnusableValueException {
    List<Produced> options = new ArrayList<>();
    for (Octets value : values) {
      OctetReader reader = value.reader();
      try {
        while (reader.hasMore()) {
          int code = reader.u16("option-code");
          int length = reader.u16("option-len");
          options.add(new Produced(code, reader.octets(length, "option " + code)));
        }
      } catch (MalformedException e) {
        throw UnusableValueException.badForm("the option list does not parse: " + e.getMessage());
      }
    }
    return options;
  }
}
