package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * SUBSCRIBER_ID, option 38: the provider's name for the subscriber (RFC 4580).
 *
 * @param id at least one octet
 */
public record SubscriberIdOption(Octets id) implements Option {
  /** Refuses an empty id. */
  public SubscriberIdOption {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("SUBSCRIBER_ID has at least one octet");
    }
  }

  @Override
  public OptionCode code() {
    return OptionCode.SUBSCRIBER_ID;
  }

  @Override
  public int bodyLength() {
    return id.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.octets(id);
  }

  @Override
  public String describe() {
    return Printing.opaque(id);
  }
}
