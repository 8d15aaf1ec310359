package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * LQ_BASE_TIME, option 100: the server's time when it made the message (RFC 7653).
 *
 * @param seconds since 2000-01-01 UTC, 32 bits
 */
public record LqBaseTimeOption(long seconds) implements Option {
  /** Refuses a number of more than 32 bits. */
  public LqBaseTimeOption {
    Printing.requireU32(seconds, "lq-base-time");
  }

  @Override
  public OptionCode code() {
    return OptionCode.LQ_BASE_TIME;
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
