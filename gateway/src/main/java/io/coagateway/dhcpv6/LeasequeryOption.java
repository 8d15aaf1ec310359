package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;

/**
 * LQ_QUERY, option 44 (RFC 5007 section 4.1.2.1).
 *
 * @param queryType what is asked for, like {@link #BY_ADDRESS}
 * @param linkAddress the link, or {@code ::} for all
 * @param options what to look for, and an ORO
 */
public record LeasequeryOption(int queryType, Ipv6Address linkAddress, OptionList options)
    implements Option {
  /** Query type: who has an address (RFC 5007 section 4.1.2.1). */
  public static final int BY_ADDRESS = 1;

  /** Query type: what a client has (RFC 5007 section 4.1.2.1). */
  public static final int BY_CLIENT_ID = 2;

  /** Query type, over TCP alone: what was leased through a relay (RFC 5460 section 5.2.1). */
  public static final int BY_RELAY_ID = 3;

  /** Query type, over TCP alone: what is leased on a link (RFC 5460 section 5.2.2). */
  public static final int BY_LINK_ADDRESS = 4;

  /** Query type, over TCP alone: what a line has (RFC 5460 section 5.2.3). */
  public static final int BY_REMOTE_ID = 5;

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
