package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * S46_CONT_LW, option 96: lightweight 4over6 (RFC 7598 section 5.3).
 *
 * @param options S46_V4V6BIND and S46_BR
 */
public record S46ContLwOption(OptionList options) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.S46_CONT_LW;
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
