package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import java.util.List;

/**
 * DNS_SERVERS, option 23: recursive name servers (RFC 3646 section 3).
 *
 * @param addresses in order of preference
 */
public record DnsServersOption(List<Ipv6Address> addresses) implements Option {
  /** Copies the list. */
  public DnsServersOption {
    addresses = List.copyOf(addresses);
  }

  @Override
  public OptionCode code() {
    return OptionCode.DNS_SERVERS;
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
