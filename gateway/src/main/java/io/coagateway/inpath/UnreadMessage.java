package io.coagateway.inpath;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.wire.Octets;
import java.util.HashSet;
import java.util.Set;

/**
 * What a RELAY-FORW may hold that {@link RelayedMessage} cannot read. A server may be more lenient
 * than we are, so a policy that rejects goes by all that is seen here, and by what cannot be
 * excluded: a stray octet must not carry a release request past it.
 */
final class UnreadMessage {
  private static final int OPTION_HEADER = 4;

  private final Set<MessageType> types = new HashSet<>();
  private boolean hasRsoo;
  private boolean hides; // octets that nobody can say what they are

  private UnreadMessage() {}

  static UnreadMessage of(Octets relayForward) {
    UnreadMessage seen = new UnreadMessage();
    seen.look(relayForward, 0);
    return seen;
  }

  /** Whether a message of {@code type} may be inside. */
  boolean mayBe(MessageType type) {
    return hides || types.contains(type);
  }

  /** Whether there may be an RSOO at any depth. */
  boolean mayHaveRsoo() {
    return hides || hasRsoo;
  }

  private void look(Octets message, int relays) {
    MessageType type = MessageType.of(message.u8(0));
    if (!type.equals(MessageType.RELAY_FORW)) {
      types.add(type);
    } else if (relays == RelayedMessage.MAX_RELAYS) {
      hides = true;
    } else if (message.length() >= RelayMessage.HEADER_LENGTH) {
      lookAtOptions(message.from(RelayMessage.HEADER_LENGTH), relays);
    }
  }

  private void lookAtOptions(Octets options, int relays) {
    Octets left = options;
    while (left.length() >= OPTION_HEADER) {
      OptionCode code = OptionCode.of(left.u16(0));
      int length = left.u16(2);
      Octets behind = left.from(OPTION_HEADER);
      boolean fits = length <= behind.length();
      Octets body = fits ? behind.slice(0, length) : behind;
      if (code.equals(OptionCode.RELAY_MSG)) {
        if (!body.isEmpty()) {
          look(body, relays + 1);
        }
      } else {
        hasRsoo |= code.equals(OptionCode.RSOO);
        hides |= !fits && !body.isEmpty();
      }
      left = fits ? behind.from(length) : Octets.EMPTY;
    }
  }
}
