package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * CLT_TIME, option 46: time since the server last heard of the client (RFC 5007 section 4.1.2.3).
 *
 * @param seconds 32 bits
 */
public record CltTimeOption(long seconds) implements Option {
  /** Refuses a number of more than 32 bits. */
  public CltTimeOption {
    Printing.requireU32(seconds, "client-last-transaction-time");
  }

  @Override
  public OptionCode code() {
    return OptionCode.CLT_TIME;
  }

  @Override
  public int bodyLength() {
    return 4;
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u32(seconds);
  }

  @Override
  public String describe() {
    return seconds + "s";
  }
}
