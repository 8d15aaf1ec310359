package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * RSOO, option 66: options that the relay supplies for the client (RFC 6422 section 4).
 *
 * @param options those that the server lets a relay supply
 */
public record RsooOption(OptionList options) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.RSOO;
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
