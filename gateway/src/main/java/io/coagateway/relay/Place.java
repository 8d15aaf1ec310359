package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;

/**
 * One client's place in the messages to one server. It moves from a message to its corrected or
 * halved successors until a result is known; then it is told once.
 */
abstract class Place {
  private final Duid client;
  private final long deadlineNanos;
  private MessageExchange message;
  private ServerResult provisional;
  private int transmissions;

  Place(Duid client, long deadlineNanos) {
    this.client = client;
    this.deadlineNanos = deadlineNanos;
  }

  /** The result, told exactly once, unless the place was dropped before. */
  abstract void onResult(ServerResult result);

  /** The server seems dead, and the exchange goes on. Leaves later, if at all. */
  void onServerSilent() {}

  final Duid client() {
    return client;
  }

  /** When the answer must be there, monotonic nanoseconds. */
  final long deadlineNanos() {
    return deadlineNanos;
  }

  /** How many messages that held this place were sent. */
  final int transmissions() {
    return transmissions;
  }

  final void countTransmission() {
    transmissions++;
  }

  /** The message it is in; null once it has left the last one. */
  final MessageExchange message() {
    return message;
  }

  final void moveTo(MessageExchange next) {
    message = next;
  }

  /**
   * What stands unless more is heard: what one of several servers behind a multicast address has
   * said, or the answer to a message before this; null for none yet.
   */
  final ServerResult provisional() {
    return provisional;
  }

  /** What an answer before said is gone stays gone. */
  final void setProvisional(ServerResult result) {
    provisional = provisional == null ? result : result.withFreedToo(provisional.freed());
  }

  /** Leaves the message it is in, if any. No result follows. */
  final void leave() {
    if (message != null) {
      message.onPlaceDropped(this);
    }
  }
}
