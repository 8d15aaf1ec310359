package io.coagateway.das;

/**
 * Why a datagram got no answer. {@link #name} is the stable name in metrics; {@link #text} and
 * {@link #cure} make up the log line. In the order in which the checks are made.
 */
public enum DropReason {
  /** No client is configured for the source address (RFC 5176 section 6.1). */
  UNKNOWN_SOURCE(
      "no client is configured for this address",
      "Add it to radius.clients if it should be heard."),
  /** Too short, or a Length field that is out of range or exceeds the datagram. */
  BAD_LENGTH(
      "its Length does not fit the datagram", "The sender is broken, or this is not RADIUS."),
  /** The code is neither 40 nor 43. */
  WRONG_CODE(
      "only CoA-Request (43) and Disconnect-Request (40) are served here",
      "Send other requests to the RADIUS server, not to the NAS."),
  /** The Request Authenticator does not match: another secret, or a forged packet. */
  REQUEST_AUTHENTICATOR(
      "Request Authenticator does not match", "Check that both sides have the same secret."),
  /** An attribute's Length is below 2 or reaches past the packet. */
  MALFORMED_ATTRIBUTES(
      "its attributes do not fill the packet", "The sender is broken: report it to its maker."),
  /** A Message-Authenticator is required of this client and there is none. */
  MESSAGE_AUTHENTICATOR_MISSING(
      "Message-Authenticator is missing",
      "Let the client send it, or set message-authenticator to when-present."),
  /** More than one Message-Authenticator, or one that has not 18 octets. */
  MESSAGE_AUTHENTICATOR_INVALID(
      "Message-Authenticator is there twice or has a wrong length",
      "The sender is broken: report it to its maker."),
  /** The Message-Authenticator does not match. */
  MESSAGE_AUTHENTICATOR_MISMATCH(
      "Message-Authenticator does not match",
      "The sender must compute it over a zero authenticator (RFC 5176 section 3.4)."),
  /** An Event-Timestamp is required of this client and there is none. */
  EVENT_TIMESTAMP_MISSING(
      "Event-Timestamp is missing",
      "Let the client send it, or set event-timestamp to when-present."),
  /** More than one Event-Timestamp, or one that has not 6 octets. */
  EVENT_TIMESTAMP_INVALID(
      "Event-Timestamp is there twice or has a wrong length",
      "The sender is broken: report it to its maker."),
  /** The Event-Timestamp lies more than the window in the past. */
  EVENT_TIMESTAMP_OLD(
      "Event-Timestamp is too old", "Compare both clocks; otherwise this is a replay."),
  /** The Event-Timestamp lies more than the window in the future. */
  EVENT_TIMESTAMP_FUTURE("Event-Timestamp lies in the future", "Compare both clocks."),
  /** The same request is being worked on; its answer is on its way (RFC 5080 section 2.2.2). */
  DUPLICATE_IN_PROGRESS(
      "the same request is in progress", "Nothing to do: the client will get its answer."),
  /** A request already executed whose answer is not kept any more. */
  ANSWER_NOT_KEPT(
      "it was executed already and its answer is no longer kept",
      "Make the replay memory larger, if the client repeats its requests this late."),
  /** New requests are left for the next process. */
  STOPPING("the gateway is stopping", "Nothing to do: the client will repeat it."),
  /** The Event-Timestamp is older than what the replay memory remembers. */
  BEFORE_REPLAY_MEMORY(
      "its Event-Timestamp is older than the replay memory reaches back",
      "Make the replay memory larger or the window shorter."),
  /** The client exceeds its rate limit twofold. */
  RATE_LIMITED("the client exceeds its rate limit", "Raise rate-limit, or slow the client down."),
  /** Every entry of the replay memory is in progress. */
  REPLAY_MEMORY_FULL(
      "as many requests as the replay memory holds are in progress",
      "Make the replay memory larger, or lower the rate limits.");

  private final String text;
  private final String cure;

  DropReason(String text, String cure) {
    this.text = text;
    this.cure = cure;
  }

  /** What was wrong, as the second half of a log line. */
  public String text() {
    return text;
  }

  /** What the operator can do about it, a sentence. */
  public String cure() {
    return cure;
  }

  /** Whether this is what happens in a sound network every day; it is logged at DEBUG then. */
  boolean isRoutine() {
    return this == DUPLICATE_IN_PROGRESS || this == STOPPING;
  }
}
