package io.coagateway.das;

import java.net.InetSocketAddress;

/** The socket that a request came in on, and that its answers must leave by. */
interface AnswerPort {
  /** What became of an answer. */
  enum Sending {
    /** It is on its way, as far as datagrams can be. */
    SENT,
    /** The socket is closed or its buffer is full. */
    NOT_SENT
  }

  /** The socket's own address and port. */
  InetSocketAddress local();

  /**
   * Sends an answer.
   *
   * @param answer octets given away; must not be written again
   */
  Sending send(byte[] answer, InetSocketAddress to);

  /**
   * A request that came in here was accepted: it is proven, fresh and new. {@link #answered}
   * follows.
   */
  default void accepted(String client, InetSocketAddress source) {}

  /** The answer to a request that came in here was given to {@link #send}. */
  default void answered() {}

  /**
   * What came in here got no answer.
   *
   * @param client its name, or {@link DasObserver#NO_CLIENT}
   * @param source where it came from
   */
  default void dropped(DropReason reason, String client, InetSocketAddress source) {}

  /**
   * Within what equal octets are the same request; see {@link TlsPort#replayScope}.
   *
   * @param timestamped whether the request has an Event-Timestamp
   * @return zero: wherever they come from
   */
  default long replayScope(boolean timestamped) {
    return 0;
  }
}
