package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * An option whose layout is not known here, kept octet for octet.
 *
 * @param code any
 * @param body what follows code and length, at most 65535 octets
 */
public record RawOption(OptionCode code, Octets body) implements Option {
  /** Refuses a body that the length field cannot tell. */
  public RawOption {
    if (body.length() > MAX_BODY_LENGTH) {
      throw new IllegalArgumentException(
          "option " + code + " has " + body.length() + " octets; 65535 is the most");
    }
  }

  @Override
  public int bodyLength() {
    return body.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.octets(body);
  }

  @Override
  public String describe() {
    return body.toString();
  }
}
