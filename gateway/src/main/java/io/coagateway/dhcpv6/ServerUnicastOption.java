package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;

/**
 * UNICAST, option 12: where a client may send unicast (RFC 8415 section 21.12). Obsolete by RFC
 * 9915; nothing here goes by it.
 *
 * @param address the server's
 */
public record ServerUnicastOption(Ipv6Address address) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.UNICAST;
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
