package io.coagateway.mapping;

import io.coagateway.dhcpv6.V6Prefix64Option;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;

/**
 * Softwire46-Configuration (241.9), -Priority (241.10) and -Multicast (241.11) of RFC 8658 as the
 * DHCPv6 options of RFC 7598, RFC 8026 and RFC 8115.
 *
 * <p>The two sides place the port parameters differently: RADIUS hangs them on the mechanism,
 * DHCPv6 inside a rule or a binding. Ours go into every BMR's S46_RULE (MAP) or into the
 * S46_V4V6BIND (lightweight 4over6), see {@link #rule} and {@link #binding}.
 */
final class Softwire46 {
  // RFC 8658 section 7.3: the TLV numbers
  private static final int MAP_E = 1;
  private static final int MAP_T = 2;
  private static final int LIGHTWEIGHT_4OVER6 = 3;
  private static final int RULE_BMR = 4;
  private static final int RULE_FMR = 5;
  private static final int BR = 6;
  private static final int DMR = 7;
  private static final int V4V6_BIND = 8;
  private static final int PORT_PARAMS = 9;
  private static final int RULE_IPV6_PREFIX = 10;
  private static final int RULE_IPV4_PREFIX = 11;
  private static final int EA_LENGTH = 12;
  private static final int IPV4_ADDRESS = 13;
  private static final int BIND_IPV6_PREFIX = 14;
  private static final int PSID_OFFSET = 15;
  private static final int PSID_LENGTH = 16;
  private static final int PSID = 17;
  private static final int OPTION_CODE = 18;
  private static final int ASM_PREFIX64 = 19;
  private static final int SSM_PREFIX64 = 20;
  private static final int U_PREFIX64 = 21;

  // RFC 7598 sections 4 and 5; RFC 8026 section 1.4; RFC 8115 section 3
  static final int OPTION_S46_RULE = 89;
  static final int OPTION_S46_BR = 90;
  static final int OPTION_S46_DMR = 91;
  static final int OPTION_S46_V4V6BIND = 92;
  static final int OPTION_S46_PORTPARAMS = 93;
  static final int OPTION_S46_CONT_MAPE = 94;
  static final int OPTION_S46_CONT_MAPT = 95;
  static final int OPTION_S46_CONT_LW = 96;
  static final int OPTION_S46_PRIORITY = 111;
  static final int OPTION_V6_PREFIX64 = 113;
  private static final int OPTION_AFTR_NAME = 64;

  private Softwire46() {}

  /** 241.9: one container for each mechanism (RFC 8658 section 3.1). */
  static List<Produced> configuration(Octets value) throws UnusableValueException {
    List<Produced> containers = new ArrayList<>();
    boolean[] seen = new boolean[4];
    for (Tlv mechanism : Tlv.all(value, "Softwire46-Configuration")) {
      int type = mechanism.type();
      if (type < MAP_E || type > LIGHTWEIGHT_4OVER6) {
        throw unexpected("Softwire46-Configuration", type);
      }
      if (seen[type]) {
        throw UnusableValueException.badForm(
            "Softwire46-Configuration: TLV " + type + " stands twice, at most once is allowed");
      }
      seen[type] = true;
      containers.add(
          switch (type) {
            case MAP_E -> new Produced(OPTION_S46_CONT_MAPE, map(mechanism, "MAP-E"));
            case MAP_T -> new Produced(OPTION_S46_CONT_MAPT, map(mechanism, "MAP-T"));
            default -> new Produced(OPTION_S46_CONT_LW, lightweight(mechanism));
          });
    }
    if (containers.isEmpty()) {
      throw UnusableValueException.badForm(
          "Softwire46-Configuration names no mechanism; one of MAP-E, MAP-T,"
              + " Lightweight-4over6 is needed");
    }
    return containers;
  }

  /** MAP-E: rules and border relays; MAP-T: rules and one default mapping rule. */
  private static Octets map(Tlv mechanism, String name) throws UnusableValueException {
    List<Tlv> tlvs = Tlv.all(mechanism.value(), name);
    Octets portParameters = portParameters(tlvs, name);
    OctetWriter out = new OctetWriter();
    int basicRules = 0;
    int borderRelays = 0;
    int defaultRules = 0;
    for (Tlv tlv : tlvs) {
      switch (tlv.type()) {
        case RULE_BMR -> {
          option(out, OPTION_S46_RULE, rule(tlv, 0, portParameters));
          basicRules++;
        }
        case RULE_FMR -> option(out, OPTION_S46_RULE, rule(tlv, 1, Octets.EMPTY));
        case BR -> {
          option(out, OPTION_S46_BR, exactly(tlv, 16, name + " > BR"));
          borderRelays++;
        }
        case DMR -> {
          option(out, OPTION_S46_DMR, defaultRule(tlv));
          defaultRules++;
        }
        case PORT_PARAMS -> {
          // read above: they stand inside the BMR's rule
        }
        default -> throw unexpected(name, tlv.type());
      }
    }
    boolean translation = mechanism.type() == MAP_T;
    quantity(name, "Rule (BMR)", basicRules, 1, 1);
    quantity(name, "BR", borderRelays, translation ? 0 : 1, translation ? 0 : Integer.MAX_VALUE);
    quantity(name, "DMR", defaultRules, translation ? 1 : 0, translation ? 1 : 0);
    return out.toOctets();
  }

  /** Lightweight 4over6: one binding and its border relays. */
  private static Octets lightweight(Tlv mechanism) throws UnusableValueException {
    String name = "Lightweight-4over6";
    List<Tlv> tlvs = Tlv.all(mechanism.value(), name);
    Octets portParameters = portParameters(tlvs, name);
    OctetWriter out = new OctetWriter();
    int bindings = 0;
    int borderRelays = 0;
    for (Tlv tlv : tlvs) {
      switch (tlv.type()) {
        case V4V6_BIND -> {
          option(out, OPTION_S46_V4V6BIND, binding(tlv, portParameters));
          bindings++;
        }
        case BR -> {
          option(out, OPTION_S46_BR, exactly(tlv, 16, name + " > BR"));
          borderRelays++;
        }
        case PORT_PARAMS -> {
          // read above: they stand inside the binding
        }
        default -> throw unexpected(name, tlv.type());
      }
    }
    quantity(name, "V4V6Bind", bindings, 1, 1);
    quantity(name, "BR", borderRelays, 1, Integer.MAX_VALUE);
    return out.toOctets();
  }

  /** S46_RULE: flags, ea-len, prefix4-len, ipv4-prefix, prefix6-len, ipv6-prefix, options. */
  private static Octets rule(Tlv tlv, int flags, Octets portParameters)
      throws UnusableValueException {
    String name = tlv.type() == RULE_BMR ? "Rule (BMR)" : "Rule (FMR)";
    List<Tlv> parts = Tlv.all(tlv.value(), name);
    onlyTypes(parts, name, RULE_IPV6_PREFIX, EA_LENGTH);
    Ipv6Prefix prefix6 = prefix(one(parts, RULE_IPV6_PREFIX, name), 128, name);
    Octets prefix4 = exactly(one(parts, RULE_IPV4_PREFIX, name), 6, name + " > Rule-IPv4-Prefix");
    int prefix4Length = prefix4.u8(1);
    if (prefix4Length > 32) {
      throw UnusableValueException.badForm(
          name + ": Rule-IPv4-Prefix has length " + prefix4Length + ", at most 32 is possible");
    }
    long hostBits = prefix4Length == 32 ? 0 : 0xffffffffL >> prefix4Length;
    if ((prefix4.u32(2) & hostBits) != 0) {
      throw UnusableValueException.badForm(
          name + ": Rule-IPv4-Prefix has bits set after its length " + prefix4Length);
    }
    long eaLength = integer(one(parts, EA_LENGTH, name), 48, name + " > EA-Length");
    OctetWriter out = new OctetWriter(64);
    out.u8(flags).u8((int) eaLength).u8(prefix4Length).octets(prefix4.from(2));
    shortPrefix(out, prefix6);
    return out.octets(portParameters).toOctets();
  }

  /** S46_DMR: prefix6-len, ipv6-prefix. */
  private static Octets defaultRule(Tlv tlv) throws UnusableValueException {
    OctetWriter out = new OctetWriter(32);
    shortPrefix(out, prefix(tlv, 96, "MAP-T > DMR"));
    return out.toOctets();
  }

  /** S46_V4V6BIND: ipv4-address, bindprefix6-len, bind-ipv6-prefix, options. */
  private static Octets binding(Tlv tlv, Octets portParameters) throws UnusableValueException {
    String name = "V4V6Bind";
    List<Tlv> parts = Tlv.all(tlv.value(), name);
    onlyTypes(parts, name, IPV4_ADDRESS, BIND_IPV6_PREFIX);
    OctetWriter out = new OctetWriter(64);
    out.octets(exactly(one(parts, IPV4_ADDRESS, name), 4, name + " > IPv4-Address"));
    shortPrefix(out, prefix(one(parts, BIND_IPV6_PREFIX, name), 128, name));
    return out.octets(portParameters).toOctets();
  }

  /** The S46_PORTPARAMS option, header included; empty when the mechanism has none. */
  private static Octets portParameters(List<Tlv> mechanism, String name)
      throws UnusableValueException {
    List<Tlv> found = mechanism.stream().filter(t -> t.type() == PORT_PARAMS).toList();
    if (found.isEmpty()) {
      return Octets.EMPTY;
    }
    quantity(name, "PORTPARAMS", found.size(), 0, 1);
    String path = name + " > PORTPARAMS";
    List<Tlv> parts = Tlv.all(found.get(0).value(), path);
    onlyTypes(parts, path, PSID_OFFSET, PSID);
    int offset = (int) integer(one(parts, PSID_OFFSET, path), 15, path + " > PSID-Offset");
    int length = (int) integer(one(parts, PSID_LENGTH, path), 16, path + " > PSID-Len");
    int given = (int) integer(one(parts, PSID, path), 0xffff, path + " > PSID");
    int psid = length == 0 ? 0 : given; // RFC 7598 section 4.5: ignored then
    if ((psid & (0xffff >> length)) != 0) {
      throw UnusableValueException.badValue(
          path + ": PSID has bits set after its first " + length + ", the PSID-Len");
    }
    OctetWriter out = new OctetWriter(16);
    option(
        out, OPTION_S46_PORTPARAMS, new OctetWriter(16).u8(offset).u8(length).u16(psid).toOctets());
    return out.toOctets();
  }

  /** 241.10: the order of mechanisms, as option codes (RFC 8658 section 3.2, RFC 8026). */
  static List<Produced> priority(Octets value) throws UnusableValueException {
    OctetWriter out = new OctetWriter(16);
    for (Tlv tlv : Tlv.all(value, "Softwire46-Priority")) {
      if (tlv.type() != OPTION_CODE) {
        throw unexpected("Softwire46-Priority", tlv.type());
      }
      int code = (int) integer(tlv, 0xffff, "Softwire46-Priority > Option-Code");
      out.u16(
          switch (code) {
            case MAP_E -> OPTION_S46_CONT_MAPE;
            case MAP_T -> OPTION_S46_CONT_MAPT;
            case LIGHTWEIGHT_4OVER6 -> OPTION_S46_CONT_LW;
            case 144 -> OPTION_AFTR_NAME; // DS-Lite-Tunnel-Name stands for DS-Lite
            default ->
                throw UnusableValueException.badValue(
                    "Softwire46-Priority: Option-Code "
                        + code
                        + " names no mechanism; 1, 2, 3 and 144 do");
          });
    }
    if (out.length() == 0) {
      throw UnusableValueException.badForm("Softwire46-Priority holds no Option-Code");
    }
    return List.of(new Produced(OPTION_S46_PRIORITY, out.toOctets()));
  }

  /**
   * 241.11: the multicast prefixes (RFC 8658 section 3.3) as OPTION_V6_PREFIX64 (RFC 8115 section
   * 3): ASM, SSM and unicast prefix, each with its length before it. A multicast prefix has 96
   * bits; one that is not given is written as 96 bits of zeros.
   */
  static List<Produced> multicast(Octets value) throws UnusableValueException {
    String name = "Softwire46-Multicast";
    List<Tlv> tlvs = Tlv.all(value, name);
    onlyTypes(tlvs, name, ASM_PREFIX64, U_PREFIX64);
    OctetWriter out = new OctetWriter(64);
    boolean any = false;
    for (int type : new int[] {ASM_PREFIX64, SSM_PREFIX64, U_PREFIX64}) {
      List<Tlv> found = tlvs.stream().filter(t -> t.type() == type).toList();
      quantity(name, "TLV " + type, found.size(), 0, 1);
      if (found.isEmpty()) {
        shortPrefix(out, V6Prefix64Option.NONE);
        continue;
      }
      Ipv6Prefix prefix = prefix(found.get(0), 96, name);
      if (type == U_PREFIX64) {
        requireEmbeddable(prefix, name);
      } else {
        requireMulticast(prefix, name);
      }
      any |= type != U_PREFIX64;
      shortPrefix(out, prefix);
    }
    if (!any) {
      throw UnusableValueException.badForm(
          name + " holds neither ASM-Prefix64 nor SSM-Prefix64; one is needed");
    }
    return List.of(new Produced(OPTION_V6_PREFIX64, out.toOctets()));
  }

  private static void requireMulticast(Ipv6Prefix prefix, String name)
      throws UnusableValueException {
    if (prefix.length() != 96) {
      throw UnusableValueException.badValue(
          name + ": a multicast prefix has 96 bits, this one has " + prefix.length());
    }
    if (!prefix.address().isMulticast()) {
      throw UnusableValueException.badValue(name + ": " + prefix + " is no multicast prefix");
    }
  }

  /** An IPv4 address stands behind a prefix of these lengths alone (RFC 6052 section 2.2). */
  private static void requireEmbeddable(Ipv6Prefix prefix, String name)
      throws UnusableValueException {
    boolean embeds =
        switch (prefix.length()) {
          case 32, 40, 48, 56, 64, 96 -> true;
          default -> false;
        };
    if (!embeds) {
      throw UnusableValueException.badValue(
          name
              + ": a unicast prefix has 32, 40, 48, 56, 64 or 96 bits, this one has "
              + prefix.length());
    }
  }

  private static void option(OctetWriter out, int code, Octets body) {
    out.u16(code).u16(body.length()).octets(body);
  }

  /** prefix-len, then as many octets as the prefix needs (RFC 7598 section 4). */
  private static void shortPrefix(OctetWriter out, Ipv6Prefix prefix) {
    out.u8(prefix.length())
        .octets(prefix.masked().address().toOctets().slice(0, (prefix.length() + 7) / 8));
  }

  /** An ipv6prefix value: Reserved, Prefix-Length, Prefix (RFC 8044 section 3.10). */
  private static Ipv6Prefix prefix(Tlv tlv, int longest, String name)
      throws UnusableValueException {
    String path = name + " > TLV " + tlv.type();
    Octets value = tlv.value();
    if (value.length() < 2 || value.length() > 18) {
      throw UnusableValueException.badForm(
          path + ": an IPv6 prefix has 2 to 18 octets, found " + value.length());
    }
    int length = value.u8(1);
    if (length > longest) {
      throw UnusableValueException.badForm(
          path + ": prefix length " + length + ", at most " + longest + " is possible");
    }
    if (value.length() - 2 < (length + 7) / 8) {
      throw UnusableValueException.badForm(
          path
              + ": a /"
              + length
              + " needs "
              + (length + 7) / 8
              + " octets, found "
              + (value.length() - 2));
    }
    byte[] octets = new byte[16];
    value.from(2).copyTo(octets, 0);
    Ipv6Prefix prefix = new Ipv6Prefix(Ipv6Address.of(Octets.wrap(octets), 0), length);
    if (!prefix.isMasked()) {
      throw UnusableValueException.badForm(
          path + ": bits are set after the prefix length " + length);
    }
    return prefix;
  }

  private static long integer(Tlv tlv, long most, String path) throws UnusableValueException {
    long value = exactly(tlv, 4, path).u32(0);
    if (value > most) {
      throw UnusableValueException.badValue(path + ": " + value + " is more than " + most);
    }
    return value;
  }

  private static Octets exactly(Tlv tlv, int length, String path) throws UnusableValueException {
    if (tlv.value().length() != length) {
      throw UnusableValueException.badForm(
          path + " needs " + length + " octets, found " + tlv.value().length());
    }
    return tlv.value();
  }

  private static Tlv one(List<Tlv> tlvs, int type, String name) throws UnusableValueException {
    List<Tlv> found = tlvs.stream().filter(t -> t.type() == type).toList();
    quantity(name, "TLV " + type, found.size(), 1, 1);
    return found.get(0);
  }

  private static void onlyTypes(List<Tlv> tlvs, String name, int from, int to)
      throws UnusableValueException {
    for (Tlv tlv : tlvs) {
      if (tlv.type() < from || tlv.type() > to) {
        throw unexpected(name, tlv.type());
      }
    }
  }

  /** RFC 8658 section 3.1.2: how often a TLV may stand in its mechanism. */
  private static void quantity(String name, String what, int found, int least, int most)
      throws UnusableValueException {
    if (found < least || found > most) {
      String wanted =
          most == Integer.MAX_VALUE
              ? least + " or more"
              : least == most ? Integer.toString(least) : least + " to " + most;
      throw UnusableValueException.badForm(
          name + " holds " + what + " " + found + " times, " + wanted + " is right");
    }
  }

  private static UnusableValueException unexpected(String name, int type) {
    return UnusableValueException.badForm(name + ": TLV " + type + " does not belong here");
  }
}
