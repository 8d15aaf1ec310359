package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * CLIENT_DATA, option 45: what belongs to one client (RFC 5007 section 4.1.2.2; in RELEASE-REQUEST
 * the client and the leases to release, draft-gandhewar-dhc-v6-relay-initiated-release section
 * 3.1.1).
 *
 * @param options CLIENTID and what is said of that client
 */
public record ClientDataOption(OptionList options) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.CLIENT_DATA;
  }

  @Override
  public int bodyLength() {
    return options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return "";
  }

  @Override
  public OptionList nested() {
    return options;
  }
}
