package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import java.util.List;

/**
 * LQ_CLIENT_LINK, option 48: the links on which the client has bindings (RFC 5007 section 4.1.2.5).
 *
 * @param addresses one on each link
 */
public record LqClientLinkOption(List<Ipv6Address> addresses) implements Option {
  /** Copies the list. */
  public LqClientLinkOption {
    addresses = List.copyOf(addresses);
  }

  @Override
  public OptionCode code() {
    return OptionCode.LQ_CLIENT_LINK;
  }

  @Override
  public int bodyLength() {
    return 16 * addresses.size();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    for (Ipv6Address address : addresses) {
      writer.ipv6(address);
    }
  }

  @Override
  public String describe() {
    return Printing.list(addresses);
  }
}
