package io.coagateway.inpath;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the path has to know of a RELAY-FORW: who the client is, on which line, and what relays
 * supply already. Only the options that say so are looked at, so that an odd one elsewhere is the
 * server's to judge.
 *
 * @param type of the client's message
 * @param client its DUID; empty when the message has none, as an anonymous INFORMATION-REQUEST
 * @param link the innermost link-address that is not {@code ::}; a lightweight relay below has none
 *     (RFC 6221)
 * @param interfaceIds the bodies of all Interface-Id options, the outermost relay's first
 * @param supplied codes of the options in all RSOOs (RFC 6422), and 81 where a relay inserted
 *     OPTION_RADIUS (RFC 7037)
 * @param hasRsoo whether there is an RSOO at any depth
 */
record RelayedMessage(
    MessageType type,
    Optional<Duid> client,
    Ipv6Address link,
    List<Octets> interfaceIds,
    Set<OptionCode> supplied,
    boolean hasRsoo) {
  /** As deep as RFC 3315 let relays nest. */
  static final int MAX_RELAYS = 32;

  private static final int HOP_COUNT_AT = 1;

  /** The hop-count of a relay message of at least two octets. */
  static int hopCount(Octets relayMessage) {
    return relayMessage.u8(HOP_COUNT_AT);
  }

  /**
   * Reads down to the client's message.
   *
   * @throws MalformedException where the way there is not what RFC 8415 says
   */
  static RelayedMessage read(Octets relayForward) throws MalformedException {
    Way way = new Way();
    Octets message = relayForward;
    for (int i = 0; message.u8(0) == MessageType.RELAY_FORW.number(); i++) {
      if (i == MAX_RELAYS) {
        throw new MalformedException("more than " + MAX_RELAYS + " relay messages nested", 0);
      }
      message = way.down(message);
    }
    MessageType type = MessageType.of(message.u8(0));
    if (type.isRelay()) {
      throw new MalformedException(type + " within RELAY-FORW", 0);
    }
    return new RelayedMessage(
        type, clientOf(message), way.link, way.interfaceIds, way.supplied, way.hasRsoo);
  }

  private static Optional<Duid> clientOf(Octets message) throws MalformedException {
    OctetReader reader = message.from(ClientServerMessage.HEADER_LENGTH).reader();
    while (reader.hasMore()) {
      int code = reader.u16("option-code");
      Octets body = reader.octets(reader.u16("option-len"), "option-data");
      if (code == OptionCode.CLIENTID.number()) {
        if (body.length() < Duid.MIN_LENGTH || body.length() > Duid.MAX_LENGTH) {
          throw new MalformedException("a DUID of " + body.length() + " octets", reader.offset());
        }
        return Optional.of(new Duid(body));
      }
    }
    return Optional.empty();
  }

  /** What was met on the way down. */
  private static final class Way {
    private Ipv6Address link = Ipv6Address.UNSPECIFIED;
    private List<Octets> interfaceIds = List.of();
    private Set<OptionCode> supplied = Set.of();
    private boolean hasRsoo;

    /** The message inside one relay message. */
    Octets down(Octets relayed) throws MalformedException {
      if (relayed.length() < RelayMessage.HEADER_LENGTH) {
        throw new MalformedException(
            "RELAY-FORW: header needs 34 octets, found " + relayed.length(), relayed.length());
      }
      Ipv6Address own = Ipv6Address.of(relayed, 2);
      if (!own.isUnspecified()) {
        link = own;
      }
      Octets inside = Octets.EMPTY;
      OctetReader reader = relayed.from(RelayMessage.HEADER_LENGTH).reader();
      while (reader.hasMore()) {
        OptionCode code = OptionCode.of(reader.u16("option-code"));
        Octets body = reader.octets(reader.u16("option-len"), "option-data");
        if (code.equals(OptionCode.RELAY_MSG)) {
          if (!inside.isEmpty()) { // servers differ in which of them they take
            throw new MalformedException("RELAY-FORW: two messages inside", relayed.length());
          }
          inside = body;
        } else if (code.equals(OptionCode.INTERFACE_ID)) {
          interfaceIds = interfaceIds.isEmpty() ? new ArrayList<>(2) : interfaceIds;
          interfaceIds.add(body);
        } else if (code.equals(OptionCode.RSOO)) {
          hasRsoo = true;
          note(body);
        } else if (code.equals(OptionCode.RADIUS)) {
          note(code);
        }
      }
      if (inside.length() < ClientServerMessage.HEADER_LENGTH) {
        throw new MalformedException(
            "RELAY-FORW: no message of at least 4 octets inside", relayed.length());
      }
      return inside;
    }

    private void note(Octets rsoo) throws MalformedException {
      OctetReader reader = rsoo.reader();
      while (reader.hasMore()) {
        OptionCode code = OptionCode.of(reader.u16("option-code"));
        Octets unused = reader.octets(reader.u16("option-len"), "option-data");
        note(code);
      }
    }

    private void note(OptionCode code) {
      supplied = supplied.isEmpty() ? new HashSet<>() : supplied;
      supplied.add(code);
    }
  }
}
