package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;

/**
 * IAPREFIX, option 26: one delegated prefix (RFC 8415 section 21.22).
 *
 * @param preferredLifetime seconds, 32 bits, 0xffffffff for ever; 0 from the client's side
 * @param validLifetime seconds, 32 bits, 0xffffffff for ever; 0 from the client's side
 * @param prefix always sixteen octets on the wire; bits after the length stay as they came
 * @param options STATUS_CODE, if any
 */
public record IaPrefixOption(
    long preferredLifetime, long validLifetime, Ipv6Prefix prefix, OptionList options)
    implements Option {
  /** Refuses numbers of more than 32 bits. */
  public IaPrefixOption {
    Printing.requireU32(preferredLifetime, "preferred-lifetime");
    Printing.requireU32(validLifetime, "valid-lifetime");
  }

  /** The same with length (0 to 128) and prefix apart. */
  public IaPrefixOption(
      long preferredLifetime,
      long validLifetime,
      int length,
      Ipv6Address prefix,
      OptionList options) {
    this(preferredLifetime, validLifetime, new Ipv6Prefix(prefix, length), options);
  }

  @Override
  public OptionCode code() {
    return OptionCode.IAPREFIX;
  }

  @Override
  public int bodyLength() {
    return 25 + options.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u32(preferredLifetime).u32(validLifetime).u8(prefix.length()).ipv6(prefix.address());
    options.encodeTo(writer);
  }

  @Override
  public String describe() {
    return prefix
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
