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
}
