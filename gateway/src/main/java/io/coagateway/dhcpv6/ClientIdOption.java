package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * CLIENTID, option 1: the client (RFC 8415 section 21.2).
 *
 * @param duid opaque, 3 to 130 octets
 */
public record ClientIdOption(Duid duid) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.CLIENTID;
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
