package io.coagateway.dhcpv6;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;

/** Any datagram: a message that is written back octet for octet, or a MalformedException. */
public final class MessageFuzz {
  private MessageFuzz() {}

  /** Where to start. */
  public static Seeds seeds() {
    return Seeds.of("dhcpv6-message")
        .hex("captured", "message")
        .hex("dhcpv6", "message")
        .hex("dhcpv6", "options", o -> Octets.ofHex("12010203").plus(o).toArray());
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    Octets datagram = Octets.wrap(input);
    try {
      Message message = Message.parse(datagram);
      equal(message.encode(), datagram, "written back");
      equal(message.encodedLength(), datagram.length(), "length");
      equal(Message.parse(message.encode()), message, "read again");
      if (input.length % 8 == 0) { // costs more than all the rest
        require(!message.toLine().contains("\n"), message::toLine);
        require(!message.toText().isEmpty(), () -> "no text");
      }
      equal(Message.parseOutermost(datagram).encode(), datagram, "outermost written back");
    } catch (MalformedException e) {
      require(!e.getMessage().isEmpty(), () -> "no reason");
      require(e.offset() >= 0 && e.offset() <= input.length, () -> "offset " + e.offset());
    }
  }
}
