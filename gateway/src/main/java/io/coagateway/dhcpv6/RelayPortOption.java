package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * RELAY_PORT, option 135: the relay sends from another port than 547 (RFC 8357). Only in RELAY-FORW
 * and RELAY-REPL.
 *
 * @param port the downstream relay's source port, 0 in the first relay's own message
 */
public record RelayPortOption(int port) implements Option {
  /** Refuses a number of more than 16 bits. */
  public RelayPortOption {
    Printing.requireU16(port, "downstream-source-port");
  }

  @Override
  public OptionCode code() {
    return OptionCode.RELAY_PORT;
  }

  @Override
  public int bodyLength() {
    return 2;
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u16(port);
  }

  @Override
  public String describe() {
    return "port=" + port;
  }
}
