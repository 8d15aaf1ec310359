package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * S46_CONT_MAPE, option 94: one MAP-E domain (RFC 7598 section 5.1).
 *
 * @param options S46_RULE and S46_BR
 */
public record S46ContMapEOption(OptionList options) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.S46_CONT_MAPE;
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
