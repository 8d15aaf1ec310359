package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * ELAPSED_TIME, option 8: since when the client has been trying (RFC 8415 section 21.9).
 *
 * @param hundredths of a second, 0 in the first message; 65535 stands for anything longer
 */
public record ElapsedTimeOption(int hundredths) implements Option {
  /** Refuses a number of more than 16 bits. */
  public ElapsedTimeOption {
    Printing.requireU16(hundredths, "elapsed-time");
  }

  @Override
  public OptionCode code() {
    return OptionCode.ELAPSED_TIME;
  }

  @Override
  public int bodyLength() {
    return 2;
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u16(hundredths);
  }

  @Override
  public String describe() {
    return Printing.hundredths(hundredths);
  }
}
