package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * A message in the client/server format (RFC 8415 section 8): everything but RELAY-FORW and
 * RELAY-REPL, RECONFIGURE-REQUEST and RELEASE-REQUEST included.
 *
 * @param type any but the two relay types
 * @param transactionId 24 bits, 0 to 0xffffff
 * @param options after the four octets of header
 */
public record ClientServerMessage(MessageType type, int transactionId, OptionList options)
    implements Message {
  /** Octets before the options. */
  public static final int HEADER_LENGTH = 4;

  /** Refuses a relay type and a transaction id of more than 24 bits. */
  public ClientServerMessage {
    if (type.isRelay()) {
      throw new IllegalArgumentException(type + " has the relay format, not the client/server one");
    }
    if (transactionId >>> 24 != 0) {
      throw new IllegalArgumentException(
          "transaction-id " + transactionId + " is not 0 to 16777215");
    }
  }

  /**
   * The transaction id of a message that is not parsed yet: what it costs to drop one that nobody
   * waits for.
   *
   * @param message in the client/server format, at least its header
   */
  public static int transactionIdOf(Octets message) {
    return message.u8(1) << 16 | message.u16(2);
  }

  @Override
  public int encodedLength() {
    return HEADER_LENGTH + options.encodedLength();
  }

  @Override
  public void encodeTo(OctetWriter writer) {
    writer.u8(type.number()).u24(transactionId);
    options.encodeTo(writer);
  }

  /** The same message with other options. */
  public ClientServerMessage with(OptionList other) {
    return new ClientServerMessage(type, transactionId, other);
  }
}
