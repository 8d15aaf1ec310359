package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * CLIENT_LINKLAYER_ADDR, option 79 (RFC 6939). Only in RELAY-FORW.
 *
 * @param hardwareType 0 to 65535, 1 for Ethernet
 * @param address the client's
 */
public record ClientLinkLayerAddressOption(int hardwareType, Octets address) implements Option {
  /** Refuses a hardware type of more than two octets. */
  public ClientLinkLayerAddressOption {
    Printing.requireU16(hardwareType, "link-layer type");
  }

  @Override
  public OptionCode code() {
    return OptionCode.CLIENT_LINKLAYER_ADDR;
  }

  @Override
  public int bodyLength() {
    return 2 + address.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u16(hardwareType).octets(address);
  }

  @Override
  public String describe() {
    return "hw-type=" + hardwareType + " " + Printing.colons(address);
  }
}
