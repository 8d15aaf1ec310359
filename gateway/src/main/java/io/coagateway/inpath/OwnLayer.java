package io.coagateway.inpath;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.Ports;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The RELAY-FORW that the gateway puts around a relay's, and the RELAY-REPL that comes back (RFC
 * 8415 sections 19.1.2 and 19.2). Nothing is remembered between the two: the way back is in the
 * message, so an answer finds it after a restart too, or through the other gateway of a pair.
 *
 * <p>The relay's address is peer-address, its port 547. What does not fit there, another port or
 * the interface of a link-local address, goes into an Interface-Id of ours, which every server has
 * to return unchanged (RFC 8415 section 21.18), and the port also into the relay source port option
 * (RFC 8357 section 5.2), which not every server knows.
 */
final class OwnLayer {
  /** Interface-Id: these three octets, the relay's port, the index of its interface or 0. */
  private static final int MARK = 0x636761; // "cga"

  private static final int TOKEN_LENGTH = 9;

  private static final int PORT_LENGTH = 2;

  private OwnLayer() {}

  /**
   * The relay's message with ours around it.
   *
   * @param received the RELAY-FORW as it came, hop-count below the limit
   * @param relay where it came from
   * @param ownPort where we listen and send from
   * @param options what we add
   */
  static Octets wrap(Octets received, InetSocketAddress relay, int ownPort, OptionList options) {
    OctetWriter out = new OctetWriter(octetsAround(relay, ownPort, options) + received.length());
    out.u8(MessageType.RELAY_FORW.number())
        .u8(RelayedMessage.hopCount(received) + 1)
        .ipv6(Ipv6Address.UNSPECIFIED) // the innermost relay's says which link it is
        .ipv6(addressOf(relay));
    if (needsToken(relay)) {
      out.u16(OptionCode.INTERFACE_ID.number()).u16(TOKEN_LENGTH);
      out.u24(MARK).u16(relay.getPort()).u32(scopeOf(relay));
    }
    if (needsPort(relay, ownPort)) {
      out.u16(OptionCode.RELAY_PORT.number()).u16(PORT_LENGTH);
      out.u16(relay.getPort() == Ports.SERVER ? 0 : relay.getPort());
    }
    options.encodeTo(out);
    return out.u16(OptionCode.RELAY_MSG.number())
        .u16(received.length())
        .octets(received)
        .toOctets();
  }

  private static boolean needsToken(InetSocketAddress relay) {
    return relay.getPort() != Ports.SERVER || scopeOf(relay) != 0;
  }

  private static boolean needsPort(InetSocketAddress relay, int ownPort) {
    return relay.getPort() != Ports.SERVER || ownPort != Ports.SERVER;
  }

  /** Octets that {@link #wrap} adds. */
  static int octetsAround(InetSocketAddress relay, int ownPort, OptionList options) {
    return RelayMessage.HEADER_LENGTH
        + (needsToken(relay) ? OptionList.OPTION_HEADER_LENGTH + TOKEN_LENGTH : 0)
        + (needsPort(relay, ownPort) ? OptionList.OPTION_HEADER_LENGTH + PORT_LENGTH : 0)
        + options.encodedLength()
        + OptionList.OPTION_HEADER_LENGTH; // of the relay's message
  }

  /**
   * What came back.
   *
   * @param relay where it goes
   * @param message what goes there
   */
  record Return(InetSocketAddress relay, Octets message) {}

  /**
   * Where a server's RELAY-REPL goes, and what of it. Options that are not about that are not
   * looked at.
   *
   * @throws MalformedException when it holds no message, or options that do not fit it
   */
  static Return unwrap(Octets relayReply) throws MalformedException {
    if (relayReply.length() < RelayMessage.HEADER_LENGTH) {
      throw new MalformedException(
          "RELAY-REPL: header needs 34 octets, found " + relayReply.length(), relayReply.length());
    }
    Ipv6Address peer = Ipv6Address.of(relayReply, 18);
    Octets message = Octets.EMPTY;
    int port = Ports.SERVER;
    int scope = 0;
    OctetReader reader = relayReply.from(RelayMessage.HEADER_LENGTH).reader();
    while (reader.hasMore()) {
      int code = reader.u16("option-code");
      Octets body = reader.octets(reader.u16("option-len"), "option-data");
      if (code == OptionCode.RELAY_MSG.number() && message.isEmpty()) {
        message = body;
      } else if (code == OptionCode.INTERFACE_ID.number() && isToken(body)) {
        port = body.u16(3);
        scope = (int) body.u32(5);
      } else if (code == OptionCode.RELAY_PORT.number()
          && body.length() == PORT_LENGTH
          && body.u16(0) != 0
          && port == Ports.SERVER) {
        port = body.u16(0);
      }
    }
    if (message.isEmpty()) {
      throw new MalformedException("RELAY-REPL: no message inside", relayReply.length());
    }
    return new Return(new InetSocketAddress(address(peer, scope), port), message);
  }

  private static boolean isToken(Octets interfaceId) {
    return interfaceId.length() == TOKEN_LENGTH
        && (interfaceId.u8(0) << 16 | interfaceId.u16(1)) == MARK;
  }

  private static Ipv6Address addressOf(InetSocketAddress relay) {
    return Ipv6Address.of(relay.getAddress()).orElse(Ipv6Address.UNSPECIFIED);
  }

  private static int scopeOf(InetSocketAddress relay) {
    return relay.getAddress() instanceof Inet6Address address && address.isLinkLocalAddress()
        ? address.getScopeId()
        : 0;
  }

  private static Inet6Address address(Ipv6Address address, int scope) {
    try {
      return Inet6Address.getByAddress("", address.toOctets().toArray(), scope == 0 ? -1 : scope);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 octets are an address", e);
    }
  }

  /** Whether a message is a relay message to be handed on, as all that we forward is answered. */
  static boolean isRelayReply(Octets message) {
    return message.u8(0) == MessageType.RELAY_REPL.number();
  }
}
