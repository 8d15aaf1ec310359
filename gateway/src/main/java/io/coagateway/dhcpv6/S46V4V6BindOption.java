package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * S46_V4V6BIND, option 92: an IPv4 address bound to an IPv6 prefix (RFC 7598 section 4.4).
 *
 * @param ipv4Address four octets
 * @param prefix only as many octets on the wire as the length needs
 * @param options S46_PORTPARAMS, if any
 */
public record S46V4V6BindOption(Octets ipv4Address, Ipv6Prefix prefix, OptionList options)
    implements Option {
  /** Refuses an IPv4 address of other than four octets, and prefix octets that do not travel. */
  public S46V4V6BindOption {
    S46.requireIpv4(ipv4Address);
    S46.requireShort(prefix);
  }

  @Override
  public OptionCode code() {
    return OptionCode.S46_V4V6BIND;
  }

  @Override
  public int bodyLength() {
    return 5 + S46.prefixOctets(prefix) + options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.octets(ipv4Address);
    S46.writePrefix(writer, prefix);
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return Printing.ipv4(ipv4Address) + " " + prefix;
  }

  @Override
  public OptionList nested() {
    return options;
  }
}
