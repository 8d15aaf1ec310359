package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;

/** Sees what happens, for metrics, log and the decoded demo. All methods run on the loop. */
public interface RelayObserver {
  /** Sees nothing. */
  RelayObserver NONE = new RelayObserver() {};

  /**
   * A message left.
   *
   * @param transmission 1 for the first
   * @param clients how many clients it names
   */
  default void sent(
      DhcpServer server, MessageType type, int transmission, int clients, Octets datagram) {}

  /**
   * A new message had its turn.
   *
   * @param nanos how long it had waited for it: for the end of the burst, and for the rate limit
   */
  default void waited(DhcpServer server, long nanos) {}

  /**
   * A valid answer arrived.
   *
   * @param roundTripNanos since the last transmission
   */
  default void answered(
      DhcpServer server, MessageType type, long roundTripNanos, Octets datagram) {}

  /**
   * The server answered, but nobody waits any longer: its exchange has ended. A second answer to a
   * repeated message counts as late, too. The datagram is discarded besides.
   */
  default void answeredLate(DhcpServer server) {}

  /**
   * A datagram was discarded.
   *
   * @param detail for the log: offset and reason, the ids that differ; may be empty
   */
  default void discarded(
      ReplyDiscard reason, InetSocketAddress source, Octets datagram, String detail) {}

  /** An exchange ended without a valid answer. */
  default void unanswered(DhcpServer server, MessageType type, int transmissions) {}

  /** The server answers REPLY with UnspecFail: it does not know the message type. */
  default void unsupported(DhcpServer server, MessageType type) {}

  /** An answer names a client, or an identity association of it, that the message did not. */
  default void unknownInAnswer(DhcpServer server, MessageType type, String what) {}

  /** A message was not sent: our own limits or settings, or what is not known. */
  default void notSent(DhcpServer server, NotSentReason reason) {}

  /** The server has not answered for a while, or answers again. */
  default void serverReachable(DhcpServer server, boolean reachable) {}

  /** The server answers with this DUID, which nobody knew before. */
  default void serverDuidLearned(DhcpServer server, Duid duid) {}

  /** A RECONFIGURE inside RELAY-REPL was handed on. It is no answer to anything (RQ-20). */
  default void delivered(DhcpServer server, MessageType type, Ipv6Address peer) {}

  /** A RELAY-REPL could not be handed on: nothing says on which interface its peer is. */
  default void undeliverable(DhcpServer server, MessageType type, RelayMessage reply) {}

  /** A request of another relay was forwarded, or its answer carried back. */
  default void forwarded(MessageType type, InetSocketAddress from, InetSocketAddress to) {}

  /** A request of another relay was discarded. */
  default void notForwarded(MessageType type, InetSocketAddress from, String reason) {}
}
