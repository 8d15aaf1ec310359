package io.coagateway.relay;

import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * The RELAY-FORW around a message, with hop-count 0 (RFC 8415 section 19.1.1), and the test whether
 * a RELAY-REPL belongs to it (section 19.3: link-address and peer-address come back as they went,
 * Interface-Id too).
 *
 * @param linkAddress the client's link, or {@code ::}
 * @param peerAddress the client's link-local address, or {@code ::}
 * @param options what stands beside the Relay Message option
 */
record RelayWrapper(Ipv6Address linkAddress, Ipv6Address peerAddress, OptionList options) {
  /** Octets of header, options and the head of the Relay Message option. */
  int octets() {
    return RelayMessage.HEADER_LENGTH + options.encodedLength() + OptionList.OPTION_HEADER_LENGTH;
  }

  /** Writes all that stands before the inner message, which has {@code innerOctets} octets. */
  void writeTo(OctetWriter writer, int innerOctets) {
    writer.u8(MessageType.RELAY_FORW.number()).u8(0).ipv6(linkAddress).ipv6(peerAddress);
    options.encodeTo(writer);
    writer.u16(OptionCode.RELAY_MSG.number()).u16(innerOctets);
  }

  /** Whether {@code reply} is the answer to what was wrapped in this. */
  boolean matches(RelayMessage reply) {
    return reply.linkAddress().equals(linkAddress)
        && reply.peerAddress().equals(peerAddress)
        && interfaceIdMatches(reply);
  }

  private boolean interfaceIdMatches(RelayMessage reply) {
    Optional<Octets> theirs = interfaceId(reply.options());
    // Its absence is forgiven: the server MUST copy it, and we do not need it to find the client.
    return theirs.isEmpty() || theirs.equals(interfaceId(options));
  }

  private static Optional<Octets> interfaceId(OptionList options) {
    return options.first(InterfaceIdOption.class).map(InterfaceIdOption::id);
  }
}
