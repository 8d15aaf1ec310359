package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import java.util.List;

/**
 * DOMAIN_LIST, option 24: domain search list (RFC 3646 section 4).
 *
 * @param names in order, at least one
 */
public record DomainListOption(List<DomainName> names) implements Option {
  /** Copies the list; refuses an empty one. */
  public DomainListOption {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("DOMAIN_LIST has at least one name");
    }
  }

  private static int lengthOf(List<DomainName> names) {
    int length = 0;
    for (DomainName name : names) {
      length += name.wire().length();
    }
    return length;
  }

  @Override
  public OptionCode code() {
    return OptionCode.DOMAIN_LIST;
  }

  @Override
  public int bodyLength() {
    return lengthOf(names);
  }

  @Override
  public void writeBody(OctetWriter writer) {
    for (DomainName name : names) {
      writer.octets(name.wire());
    }
  }

  @Override
  public String describe() {
    return Printing.list(names);
  }
}
