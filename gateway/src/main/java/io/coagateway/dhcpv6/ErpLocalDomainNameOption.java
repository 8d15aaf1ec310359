package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * ERP_LOCAL_DOMAIN_NAME, option 65: the domain of the local ER server (RFC 6440). The one option
 * that IANA lists as relay-supplied.
 *
 * @param name exactly one
 */
public record ErpLocalDomainNameOption(DomainName name) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.ERP_LOCAL_DOMAIN_NAME;
  }

  @Override
  public int bodyLength() {
    return name.wire().length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.octets(name.wire());
  }

  @Override
  public String describe() {
    return name.toString();
  }
}
