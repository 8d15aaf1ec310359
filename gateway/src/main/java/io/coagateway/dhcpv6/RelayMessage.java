package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import java.util.Optional;

/**
 * RELAY-FORW or RELAY-REPL (RFC 8415 section 9).
 *
 * @param type {@link MessageType#RELAY_FORW} or {@link MessageType#RELAY_REPL}
 * @param hopCount 0 to 255
 * @param linkAddress an address of the client's link, or {@code ::}
 * @param peerAddress the client, or the relay from which the message came
 * @param options after the 34 octets of header
 */
public record RelayMessage(
    MessageType type,
    int hopCount,
    Ipv6Address linkAddress,
    Ipv6Address peerAddress,
    OptionList options)
    implements Message {
  /** HOP_COUNT_LIMIT: a message that has been relayed so often goes no further (section 7.6). */
  public static final int HOP_COUNT_LIMIT = 8;

  /** Octets before the options. */
  public static final int HEADER_LENGTH = 34;

  /** Refuses a client/server type and a hop count of more than one octet. */
  public RelayMessage {
    if (!type.isRelay()) {
      throw new IllegalArgumentException(type + " has the client/server format, not the relay one");
    }
    if (hopCount < 0 || hopCount > 255) {
      throw new IllegalArgumentException("hop-count " + hopCount + " is not 0 to 255");
    }
  }

  /** The message in RELAY_MSG; empty when there is none, as in LQ_RELAY_DATA (RFC 5007). */
  public Optional<Message> relayed() {
    return options.first(RelayMessageOption.class).map(RelayMessageOption::message);
  }

  @Override
  public int encodedLength() {
    return HEADER_LENGTH + options.encodedLength();
  }

  @Override
  public void encodeTo(OctetWriter writer) {
    writer.u8(type.number()).u8(hopCount).ipv6(linkAddress).ipv6(peerAddress);
    options.encodeTo(writer);
  }

  /** The same message with other options. */
  public RelayMessage with(OptionList other) {
    return new RelayMessage(type, hopCount, linkAddress, peerAddress, other);
  }
}
