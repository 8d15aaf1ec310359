package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * AFTR_NAME, option 64: the DS-Lite tunnel's far end (RFC 6334 section 3).
 *
 * @param name exactly one, more than three octets on the wire
 */
public record AftrNameOption(DomainName name) implements Option {
  /** RFC 6334 section 3: a receiver checks that option-len is greater than three. */
  static final int MIN_LENGTH = 4;

  /** Refuses names of three octets and less. */
  public AftrNameOption {
    if (name.wire().length() < MIN_LENGTH) {
      throw new IllegalArgumentException(
          "AFTR_NAME needs a name of at least two letters, \"" + name + "\" has fewer");
    }
  }

  @Override
  public OptionCode code() {
    return OptionCode.AFTR_NAME;
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
