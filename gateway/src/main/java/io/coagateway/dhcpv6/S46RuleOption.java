package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * S46_RULE, option 89: a MAP rule (RFC 7598 section 4.1).
 *
 * @param flags one octet; {@link #FORWARDING} is the only one defined
 * @param eaLength Embedded Address bits, 0 to 48
 * @param ipv4PrefixLength 0 to 32
 * @param ipv4Prefix four octets
 * @param prefix only as many octets on the wire as the length needs
 * @param options S46_PORTPARAMS, if any
 */
public record S46RuleOption(
    int flags,
    int eaLength,
    int ipv4PrefixLength,
    Octets ipv4Prefix,
    Ipv6Prefix prefix,
    OptionList options)
    implements Option {
  /** The F flag: the rule is used for forwarding. */
  public static final int FORWARDING = 1;

  /** Refuses numbers out of range, and bits in octets of the prefix that do not travel. */
  public S46RuleOption {
    Printing.requireU8(flags, "flags");
    S46.requireAtMost(eaLength, 48, "ea-len");
    S46.requireAtMost(ipv4PrefixLength, 32, "prefix4-len");
    S46.requireIpv4(ipv4Prefix);
    S46.requireShort(prefix);
  }

  @Override
  public OptionCode code() {
    return OptionCode.S46_RULE;
  }

  @Override
  public int bodyLength() {
    return 8 + S46.prefixOctets(prefix) + options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u8(flags).u8(eaLength).u8(ipv4PrefixLength).octets(ipv4Prefix);
    S46.writePrefix(writer, prefix);
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return "flags="
        + flags
        + " ea-len="
        + eaLength
        + " "
        + Printing.ipv4(ipv4Prefix)
        + "/"
        + ipv4PrefixLength
        + " "
        + prefix;
  }

  @Override
  public OptionList nested() {
    return options;
  }
}
