package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * IA_PD, option 25: an identity association for delegated prefixes (RFC 8415 section 21.21).
 *
 * @param iaid 32 bits; IA_NA, IA_TA and IA_PD have number spaces of their own
 * @param t1 seconds until Renew, 32 bits; 0 from the client's side
 * @param t2 seconds until Rebind, 32 bits; 0 from the client's side
 * @param options IAPREFIX and STATUS_CODE
 */
public record IaPdOption(long iaid, long t1, long t2, OptionList options) implements Option {
  /** Refuses numbers of more than 32 bits. */
  public IaPdOption {
    Printing.requireU32(iaid, "iaid");
    Printing.requireU32(t1, "t1");
    Printing.requireU32(t2, "t2");
  }

  @Override
  public OptionCode code() {
    return OptionCode.IA_PD;
  }

  @Override
  public int bodyLength() {
    return 12 + options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u32(iaid).u32(t1).u32(t2);
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return Printing.iaid(iaid) + " t1=" + t1 + "s t2=" + t2 + "s";
  }

  @Override
  public OptionList nested() {
    return options;
  }
}
