package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import java.util.Optional;

/**
 * RELAY_MSG, option 9: the encapsulated message (RFC 8415 section 21.10).
 *
 * @param message client/server or relay
 */
public record RelayMessageOption(Message message) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.RELAY_MSG;
  }

  @Override
  public int bodyLength() {
    return message.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    message.encodeTo(writer);
  }

  @Override
  public String describe() {
    return "";
  }

  @Override
  public Optional<Message> carried() {
    return Optional.of(message);
  }
}
