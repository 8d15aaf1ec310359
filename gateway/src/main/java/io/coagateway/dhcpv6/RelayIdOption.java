package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * RELAY_ID, option 53: the relay agent (RFC 5460 section 5.4.1).
 *
 * @param duid opaque, 3 to 130 octets
 */
public record RelayIdOption(Duid duid) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.RELAY_ID;
  }

  @Override
  public int bodyLength() {
    return duid.octets().length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.octets(duid.octets());
  }

  @Override
  public String describe() {
    return duid.toString();
  }

  @Override
  public String remark() {
    return duid.describe();
  }
}
