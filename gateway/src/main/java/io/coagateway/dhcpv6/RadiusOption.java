package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * RADIUS, option 81: RADIUS attributes that the relay knows of the client (RFC 7037 section 3).
 *
 * @param attributes whole attributes (type, length, value) back to back, at least one
 */
public record RadiusOption(Octets attributes) implements Option {
  /** Refuses octets that are not whole attributes. */
  public RadiusOption {
    if (attributes.isEmpty() || firstBadAttribute(attributes) >= 0) {
      throw new IllegalArgumentException(
          "\"" + attributes + "\" is not a list of whole RADIUS attributes");
    }
  }

  /** Where the first attribute starts whose length is under two or past the end; -1 for none. */
  static int firstBadAttribute(Octets attributes) {
    int at = 0;
    while (at < attributes.length()) {
      int left = attributes.length() - at;
      if (left < 2 || attributes.u8(at + 1) < 2 || attributes.u8(at + 1) > left) {
        return at;
      }
      at += attributes.u8(at + 1);
    }
    return -1;
  }

  @Override
  public OptionCode code() {
    return OptionCode.RADIUS;
  }

  @Override
  public int bodyLength() {
    return attributes.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.octets(attributes);
  }

  @Override
  public String describe() {
    return attributes.toString();
  }
}
