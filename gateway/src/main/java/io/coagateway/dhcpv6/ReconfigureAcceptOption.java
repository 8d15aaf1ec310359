package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * RECONF_ACCEPT, option 20: the client takes RECONFIGURE, or the server asks whether it does (RFC
 * 8415 section 21.20).
 */
public record ReconfigureAcceptOption() implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.RECONF_ACCEPT;
  }

  @Override
  public int bodyLength() {
    return 0;
  }

  @Override
  public void writeBody(OctetWriter writer) {
    // RFC 8415 section 21.20: option-len is 0
  }

  @Override
  public String describe() {
    return "";
  }
}
