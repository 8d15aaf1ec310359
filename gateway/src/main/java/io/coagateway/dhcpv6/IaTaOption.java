package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * IA_TA, option 4: an identity association for temporary addresses (RFC 8415 section 21.5).
 * Obsolete by RFC 9915; servers that still lease such addresses are understood.
 *
 * @param iaid 32 bits
 * @param options IAADDR and STATUS_CODE
 */
public record IaTaOption(long iaid, OptionList options) implements Option {
  /** Refuses numbers of more than 32 bits. */
  public IaTaOption {
    Printing.requireU32(iaid, "iaid");
  }

  @Override
  public OptionCode code() {
    return OptionCode.IA_TA;
  }

  @Override
  public int bodyLength() {
    return 4 + options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u32(iaid);
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return Printing.iaid(iaid);
  }

  @Override
  public OptionList nested() {
    return options;
  }
}
