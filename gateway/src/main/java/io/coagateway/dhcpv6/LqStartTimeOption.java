package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * LQ_START_TIME, option 101: from when on changes are wanted (RFC 7653).
 *
 * @param seconds since 2000-01-01 UTC, 32 bits
 */
public record LqStartTimeOption(long seconds) implements Option {
  /** Refuses a number of more than 32 bits. */
  public LqStartTimeOption {
    Printing.requireU32(seconds, "lq-start-time");
  }

  @Override
  public OptionCode code() {
    return OptionCode.LQ_START_TIME;
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
    return Printing.since2000(seconds);
  }
}
