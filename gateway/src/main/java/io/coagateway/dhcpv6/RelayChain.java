package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The relays that a message has passed. What the one next to the client says counts most, as it
 * does for the server (RFC 8415 section 13.1, RFC 6422 section 6); a lightweight relay names the
 * line and no link (RFC 6221 section 5.1).
 *
 * @param relays from the client's side outward
 * @param innermost what they have relayed; empty where they relayed nothing, as in LQ_RELAY_DATA
 *     (RFC 5007 section 4.1.2.4)
 */
public record RelayChain(List<RelayMessage> relays, Optional<Message> innermost) {
  /** No relay, and nothing relayed. */
  public static final RelayChain NONE = new RelayChain(List.of(), Optional.empty());

  /** Copies the list. */
  public RelayChain {
    relays = List.copyOf(relays);
  }

  /** The relays around what {@code outermost} carries; none when it is no relay's message. */
  public static RelayChain of(Message outermost) {
    List<RelayMessage> relays = new ArrayList<>(2);
    Optional<Message> at = Optional.of(outermost);
    while (at.isPresent() && at.get() instanceof RelayMessage relay) {
      relays.add(0, relay);
      at = relay.relayed();
    }
    return new RelayChain(relays, at);
  }

  /** The client's link: the innermost link-address that is not {@code ::}. */
  public Optional<Ipv6Address> linkAddress() {
    for (RelayMessage relay : relays) {
      if (!relay.linkAddress().isUnspecified()) {
        return Optional.of(relay.linkAddress());
      }
    }
    return Optional.empty();
  }

  /** The option as the innermost relay has it that has one. */
  public <T extends Option> Optional<T> first(Class<T> type) {
    for (RelayMessage relay : relays) {
      Optional<T> option = relay.options().first(type);
      if (option.isPresent()) {
        return option;
      }
    }
    return Optional.empty();
  }
}
