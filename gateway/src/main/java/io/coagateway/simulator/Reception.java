package io.coagateway.simulator;

import io.coagateway.dhcpv6.Message;
import java.util.List;
import java.util.Optional;

/**
 * What became of one datagram: replies, or a drop with its reason, never both.
 *
 * @param message as read; empty when it was not
 * @param replies to send at once
 * @param drop why there is no reply
 */
public record Reception(Optional<Message> message, List<Reply> replies, Optional<Drop> drop) {
  /** Copies the list. */
  public Reception {
    replies = List.copyOf(replies);
  }

  /** Why a datagram got no reply. */
  public enum DropReason {
    /** Lost on purpose, as configured. */
    SIMULATED_LOSS,
    /** Not a DHCPv6 message. */
    MALFORMED,
    /** A message type that servers discard, or do not know (RFC 8415 section 16). */
    NOT_FOR_SERVERS,
    /** The relay is not one of those configured (RFC 6977 section 9, release draft section 5). */
    UNKNOWN_RELAY,
    /** An option that must be there is not, or one for another server is. */
    INVALID,
    /** Configured not to answer. */
    SILENT
  }

  /**
   * Why, in words too.
   *
   * @param reason to count by
   * @param detail for people
   */
  public record Drop(DropReason reason, String detail) {}

  static Reception dropped(Optional<Message> message, DropReason reason, String detail) {
    return new Reception(message, List.of(), Optional.of(new Drop(reason, detail)));
  }

  static Reception answered(Message message, Reply reply) {
    return new Reception(Optional.of(message), List.of(reply), Optional.empty());
  }
}
