package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;

/**
 * S46_BR, option 90: a border relay (RFC 7598 section 4.2).
 *
 * @param address the border relay's
 */
public record S46BrOption(Ipv6Address address) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.S46_BR;
  }

  @Override
  public int bodyLength() {
    return 16;
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.ipv6(address);
  }

  @Override
  public String describe() {
    return address.toString();
  }
}
