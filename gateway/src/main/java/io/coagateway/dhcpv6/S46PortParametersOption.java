package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * S46_PORTPARAMS, option 93: the port set (RFC 7598 section 4.5).
 *
 * @param offset bits before the PSID, 0 to 15
 * @param psidLength how many bits of the PSID count, 0 to 16; 0: ignore it
 * @param psid sixteen bits, the PSID leftmost
 */
public record S46PortParametersOption(int offset, int psidLength, int psid) implements Option {
  /** Refuses numbers out of range. */
  public S46PortParametersOption {
    S46.requireAtMost(offset, 15, "offset");
    S46.requireAtMost(psidLength, 16, "PSID-len");
    Printing.requireU16(psid, "PSID");
  }

  @Override
  public OptionCode code() {
    return OptionCode.S46_PORTPARAMS;
  }

  @Override
  public int bodyLength() {
    return 4;
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u8(offset).u8(psidLength).u16(psid);
  }

  @Override
  public String describe() {
    return "offset=" + offset + " psid-len=" + psidLength + " psid=" + Printing.hex16(psid);
  }
}
