package io.coagateway.dhcpv6;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * One DHCPv6 message: a {@link ClientServerMessage} (RFC 8415 section 8) or a {@link RelayMessage}
 * (section 9), told apart by the message type.
 */
public sealed interface Message permits ClientServerMessage, RelayMessage {
  /** The first octet. */
  MessageType type();

  /** The options after the header, in wire order. */
  OptionList options();

  /** How many octets {@link #encode} gives: header and options. */
  int encodedLength();

  /**
   * Appends header and options.
   *
   * @throws IllegalStateException when an option holds more than 65535 octets
   */
  void encodeTo(OctetWriter writer);

  /** Header and options as one datagram. */
  default Octets encode() {
    OctetWriter writer = new OctetWriter(encodedLength());
    encodeTo(writer);
    return writer.toOctets();
  }

  /** One line for logs, message types named by {@link MessageNames#STANDARD}. */
  default String toLine() {
    return toLine(MessageNames.STANDARD);
  }

  /** One line for logs. */
  default String toLine(MessageNames names) {
    return new MessagePrinter(names).line(this);
  }

  /** Header, then one option a line, indented by two for each level; no final line end. */
  default String toText() {
    return toText(MessageNames.STANDARD);
  }

  /** The same, with message types named by {@code names}. */
  default String toText(MessageNames names) {
    return new MessagePrinter(names).text(this);
  }

  /**
   * Reads one whole message, encapsulated ones included. The message shares the memory of {@code
   * datagram}.
   *
   * @throws MalformedException naming the path of options, the offset and the reason
   */
  static Message parse(Octets datagram) throws MalformedException {
    return OptionParser.whole().message(datagram.reader());
  }

  /**
   * Reads the outermost message alone: a RELAY_MSG in it stays a {@link RawOption}, so that a relay
   * can forward what it does not understand (RFC 8415 section 19).
   *
   * @throws MalformedException naming the path of options, the offset and the reason
   */
  static Message parseOutermost(Octets datagram) throws MalformedException {
    return OptionParser.outermost().message(datagram.reader());
  }
}
