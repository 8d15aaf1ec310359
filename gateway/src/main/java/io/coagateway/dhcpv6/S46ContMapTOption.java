package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * S46_CONT_MAPT, option 95: one MAP-T domain (RFC 7598 section 5.2).
 *
 * @param options S46_RULE and one S46_DMR
 */
public record S46ContMapTOption(OptionList options) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.S46_CONT_MAPT;
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
