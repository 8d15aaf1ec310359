package io.coagateway.simulator;

import io.coagateway.dhcpv6.EroOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The relays that a message came through, outermost first, and the way back (RFC 8415 section
 * 19.3). Empty for a message that came bare.
 *
 * @param layers the RELAY-FORWs, their RELAY_MSG left as octets
 */
record RelayPath(List<RelayMessage> layers) {
  /** What was inside the relays' messages. */
  record Unwrapped(RelayPath path, Octets inner) {}

  RelayPath {
    layers = List.copyOf(layers);
  }

  /**
   * Takes the relays' messages off.
   *
   * @throws MalformedException when one of them is malformed, or holds no message
   */
  static Unwrapped unwrap(Octets datagram) throws MalformedException {
    List<RelayMessage> layers = new ArrayList<>();
    Octets inner = datagram;
    while (!inner.isEmpty() && inner.u8(0) == MessageType.RELAY_FORW.number()) {
      Message message = Message.parseOutermost(inner);
      Optional<RawOption> carried =
          message.options().first(OptionCode.RELAY_MSG).map(RawOption.class::cast);
      if (carried.isEmpty()) {
        throw new MalformedException("RELAY-FORW: RELAY_MSG is missing", 0);
      }
      layers.add((RelayMessage) message);
      inner = carried.get().body();
    }
    return new Unwrapped(new RelayPath(layers), inner);
  }

  boolean isBare() {
    return layers.isEmpty();
  }

  /** The relay next to the client. */
  RelayMessage innermost() {
    return layers.get(layers.size() - 1);
  }

  /** Whether the sender wants its answer on its own port (RFC 8357 section 5.2). */
  boolean wantsSourcePort() {
    return !isBare() && layers.get(0).options().has(OptionCode.RELAY_PORT);
  }

  /** {@code answer} for the way back. */
  Message wrap(Message answer) {
    Message wrapped = answer;
    for (int i = layers.size() - 1; i >= 0; i--) {
      RelayMessage layer = layers.get(i);
      wrapped =
          new RelayMessage(
              MessageType.RELAY_REPL,
              layer.hopCount(),
              layer.linkAddress(),
              layer.peerAddress(),
              echoed(layer.options()).plus(new RelayMessageOption(wrapped)));
    }
    return wrapped;
  }

  /**
   * What goes back to a relay: its Interface-Id (RFC 8415 section 21.18), its port (RFC 8357
   * section 5.3) and what it asks for (RFC 4994).
   */
  private static OptionList echoed(OptionList options) {
    List<OptionCode> asked = new ArrayList<>();
    asked.add(OptionCode.INTERFACE_ID);
    asked.add(OptionCode.RELAY_PORT);
    options.first(EroOption.class).ifPresent(ero -> asked.addAll(ero.codes()));
    List<Option> echoed = new ArrayList<>();
    for (Option option : options) {
      if (asked.contains(option.code()) && !option.code().equals(OptionCode.RELAY_MSG)) {
        echoed.add(option);
      }
    }
    return OptionList.of(echoed);
  }
}
