package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/**
 * Options as the table keeps them: code, length and body back to back, as they stand in an RSOO
 * (RFC 6422 section 4). The frame must fit; a body that does not fit its own layout is kept octet
 * for octet, for it is the relay's word and the server judges it.
 */
final class OptionOctets {
  private OptionOctets() {}

  static OptionList read(Octets octets) throws MalformedException {
    List<Option> options = new ArrayList<>(4);
    OctetReader reader = octets.reader();
    while (reader.hasMore()) {
      OptionCode code = new OptionCode(reader.u16("option-code"));
      options.add(typed(code, reader.octets(reader.u16("option-len"), code.toString())));
    }
    return OptionList.of(options);
  }

  static Option typed(OptionCode code, Octets body) {
    try {
      return Option.parse(code, body);
    } catch (MalformedException e) {
      return new RawOption(code, body);
    }
  }

  /**
   * What {@code current} becomes when the change from {@code base} to {@code next} is made to it:
   * the options that differ between those two are taken from {@code next}, all others stay.
   */
  static OptionList merge(OptionList base, OptionList next, OptionList current) {
    OptionList merged = current;
    List<OptionCode> seen = new ArrayList<>();
    for (OptionList list : List.of(base, next)) {
      for (Option option : list) {
        OptionCode code = option.code();
        if (seen.contains(code)) {
          continue;
        }
        seen.add(code);
        List<Option> wanted = next.all(code);
        if (!base.all(code).equals(wanted)) {
          merged = merged.without(code);
          for (Option one : wanted) {
            merged = merged.plus(one);
          }
        }
      }
    }
    return merged;
  }
}
