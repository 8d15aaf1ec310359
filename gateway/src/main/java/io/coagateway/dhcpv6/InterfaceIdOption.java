package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * INTERFACE_ID, option 18: the relay's name for the interface (RFC 8415 section 21.18). Opaque,
 * compared as a whole.
 *
 * @param id any octets
 */
public record InterfaceIdOption(Octets id) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.INTERFACE_ID;
  }

  @Override
  public int bodyLength() {
    return id.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.octets(id);
  }

  @Override
  public String describe() {
    return Printing.opaque(id);
  }
}
