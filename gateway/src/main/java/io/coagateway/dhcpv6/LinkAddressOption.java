package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;

/**
 * LINK_ADDRESS, option 80: the link of the clients in a RECONFIGURE-REQUEST (RFC 6977 section 5).
 *
 * @param address what the relay puts into the link-address field when it relays for them
 */
public record LinkAddressOption(Ipv6Address address) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.LINK_ADDRESS;
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
