package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;

/**
 * IAADDR, option 5: one leased address (RFC 8415 section 21.6).
 *
 * @param address the address
 * @param preferredLifetime seconds, 32 bits, 0xffffffff for ever; 0 from the client's side
 * @param validLifetime seconds, 32 bits, 0xffffffff for ever; 0 from the client's side
 * @param options STATUS_CODE, if any
 */
public record IaAddressOption(
    Ipv6Address address, long preferredLifetime, long validLifetime, OptionList options)
    implements Option {
  /** Refuses numbers of more than 32 bits. */
  public IaAddressOption {
    Printing.requireU32(preferredLifetime, "preferred-lifetime");
    Printing.requireU32(validLifetime, "valid-lifetime");
  }

  @Override
  public OptionCode code() {
    return OptionCode.IAADDR;
  }

  @Override
  public int bodyLength() {
    return 24 + options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.ipv6(address).u32(preferredLifetime).u32(validLifetime);
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return address
        + " preferred="
        + Printing.lifetime(preferredLifetime)
        + " valid="
        + Printing.lifetime(validLifetime);
  }

  @Override
  public OptionList nested() {
    return options;
  }
}
