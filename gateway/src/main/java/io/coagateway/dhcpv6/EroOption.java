package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import java.util.List;

/**
 * ERO, option 43: the options that a relay asks the server to echo (RFC 4994).
 *
 * @param codes in wire order
 */
public record EroOption(List<OptionCode> codes) implements Option {
  /** Copies the list. */
  public EroOption {
    codes = List.copyOf(codes);
  }

  @Override
  public OptionCode code() {
    return OptionCode.ERO;
  }

  @Override
  public int bodyLength() {
    return 2 * codes.size();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    for (OptionCode code : codes) {
      writer.u16(code.number());
    }
  }

  @Override
  public String describe() {
    return Printing.list(codes);
  }
}
