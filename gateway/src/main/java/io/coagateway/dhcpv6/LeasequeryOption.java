package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;

/**
 * LQ_QUERY, option 44 (RFC 5007 section 4.1.2.1).
 *
 * @param queryType 1 by address, 2 by client, 3 by relay, 4 by link, 5 by remote id (RFC 5460)
 * @param linkAddress the link, or {@code ::} for all
 * @param options what to look for, and an ORO
 */
public record LeasequeryOption(int queryType, Ipv6Address linkAddress, OptionList options)
    implements Option {
  /** Refuses a query type of more than one octet. */
  public LeasequeryOption {
    Printing.requireU8(queryType, "query-type");
  }

  @Override
  public OptionCode code() {
    return OptionCode.LQ_QUERY;
  }

  @Override
  public int bodyLength() {
    return 17 + options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u8(queryType).ipv6(linkAddress);
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return "type=" + queryType + " link=" + linkAddress;
  }

  @Override
  public OptionList nested() {
    return options;
  }
}
