package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * SERVERID, option 2: the server (RFC 8415 section 21.3).
 *
 * @param duid opaque, 3 to 130 octets
 */
public record ServerIdOption(Duid duid) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.SERVERID;
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
