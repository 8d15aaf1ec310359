package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a message says apart from who is in it, and how its answer is to be read. Two contents are
 * equal when clients of both may share one message (RQ-9): then they are the key of a batch.
 */
interface MessageContent {
  /** The type of the request. */
  MessageType type();

  /** The type that answers it. */
  MessageType replyType();

  /** Its retransmission. */
  RetransmissionParameters retransmission();

  /** How it is wrapped; empty: sent bare. */
  Optional<RelayWrapper> wrapper();

  /** Octets of the datagram without any client. */
  int fixedOctets();

  /** Octets that {@code place} adds at most. */
  int octetsOf(Place place);

  /** Whether another client may share the message. */
  boolean canBeShared();

  /**
   * Whether {@code place} may share the message with {@code others}, whose content is equal: its
   * answer must say of each what became of it.
   */
  default boolean canJoin(Place place, List<Place> others) {
    return true;
  }

  /** Whether the datagram tells the time since its first transmission (ELAPSED_TIME). */
  boolean tellsTime();

  /**
   * The whole datagram.
   *
   * @param transactionId 24 bits
   * @param places in the order they came; at least one
   * @param elapsedNanos since the first transmission
   */
  Octets encode(int transactionId, List<Place> places, long elapsedNanos);

  /**
   * The same without what a strict server may dislike (RQ-34); empty: there is nothing any more.
   */
  Optional<MessageContent> corrected();

  /** Whether an answer without Server Identifier is discarded (RQ-31). */
  boolean replyNeedsServerId();

  /** Whether an answer without Status Code is discarded (RQ-32, RL-21). */
  boolean replyNeedsStatus();

  /** The DUID that the message names as its server; empty: none. */
  Optional<Duid> serverDuid();

  /**
   * The result for each of {@code places}, in their order, from a valid answer.
   *
   * @param status on top; empty where the answer needs none
   * @param left clients that were named, too, and are waited for no longer
   * @param observer is told of clients and associations that the message did not name
   */
  List<ServerResult> judge(
      ClientServerMessage reply,
      Optional<StatusCodeOption> status,
      List<Place> places,
      Set<Duid> left,
      DhcpServer server,
      RelayObserver observer);
}
