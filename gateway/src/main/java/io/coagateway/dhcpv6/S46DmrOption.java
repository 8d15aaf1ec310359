package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;

/**
 * S46_DMR, option 91: the default mapping rule (RFC 7598 section 4.3).
 *
 * @param prefix only as many octets on the wire as the length needs
 */
public record S46DmrOption(Ipv6Prefix prefix) implements Option {
  /** Refuses bits in octets of the prefix that do not travel. */
  public S46DmrOption {
    S46.requireShort(prefix);
  }

  @Override
  public OptionCode code() {
    return OptionCode.S46_DMR;
  }

  @Override
  public int bodyLength() {
    return 1 + S46.prefixOctets(prefix);
  }

  @Override
  public void writeBody(OctetWriter writer) {
    S46.writePrefix(writer, prefix);
  }

  @Override
  public String describe() {
    return prefix.toString();
  }
}
