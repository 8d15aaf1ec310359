package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import java.util.List;

/**
 * ORO, option 6: the options that a client or the requestor of a leasequery asks for (RFC 8415
 * section 21.7).
 *
 * @param codes in wire order
 */
public record OroOption(List<OptionCode> codes) implements Option {
  /** Copies the list. */
  public OroOption {
    codes = List.copyOf(codes);
  }

  @Override
  public OptionCode code() {
    return OptionCode.ORO;
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
