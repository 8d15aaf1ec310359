package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import java.util.Optional;

/**
 * LQ_RELAY_DATA, option 47: how the client's last message came (RFC 5007 section 4.1.2.4).
 *
 * @param peerAddress the relay that the server had it from
 * @param message the RELAY-FORW, without the innermost RELAY_MSG
 */
public record LqRelayDataOption(Ipv6Address peerAddress, Message message) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.LQ_RELAY_DATA;
  }

  @Override
  public int bodyLength() {
    return 16 + message.encodedLength();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.ipv6(peerAddress);
    message.encodeTo(writer);
  }

  @Override
  public String describe() {
    return "peer=" + peerAddress;
  }

  @Override
  public Optional<Message> carried() {
    return Optional.of(message);
  }
}
