package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.List;

/**
 * V6_DNR, option 144: an encrypted DNS resolver (RFC 9463 section 4).
 *
 * @param priority service priority, 0 to 65535, the lowest first
 * @param name authentication domain name
 * @param addresses of the resolver; none: the name alone is given
 * @param parameters service parameters (RFC 9460 section 2.2), empty without addresses
 */
public record V6DnrOption(
    int priority, DomainName name, List<Ipv6Address> addresses, Octets parameters)
    implements Option {
  /** Copies the list; refuses parameters without addresses. */
  public V6DnrOption {
    Printing.requireU16(priority, "service priority");
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() && !parameters.isEmpty()) {
      throw new IllegalArgumentException("V6_DNR has service parameters only with addresses");
    }
  }

  @Override
  public OptionCode code() {
    return OptionCode.V6_DNR;
  }

  @Override
  public int bodyLength() {
    return 4
        + name.wire().length()
        + (addresses.isEmpty() ? 0 : 2 + 16 * addresses.size() + parameters.length());
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u16(priority).u16(name.wire().length()).octets(name.wire());
    if (!addresses.isEmpty()) {
      writer.u16(16 * addresses.size());
      for (Ipv6Address address : addresses) {
        writer.ipv6(address);
      }
      writer.octets(parameters);
    }
  }

  @Override
  public String describe() {
    return "priority="
        + priority
        + " "
        + name
        + (addresses.isEmpty() ? "" : " " + Printing.list(addresses) + " svc-params=" + parameters);
  }
}
