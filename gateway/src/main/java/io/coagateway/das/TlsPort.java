package io.coagateway.das;

import io.coagateway.radsec.CloseReason;
import io.coagateway.radsec.TlsConnection;
import java.net.InetSocketAddress;

/**
 * A TLS connection as the place where a request came in and its answer leaves. What over UDP is
 * silence and nothing more is here silence and the end of the connection, where RFC 6613 section
 * 2.6.4 says so: the packets behind such a one cannot be believed.
 */
record TlsPort(TlsConnection connection) implements AnswerPort {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  @Override
  public InetSocketAddress local() {
    return connection.local();
  }

  @Override
  public Sending send(byte[] answer, InetSocketAddress to) {
    return switch (connection.send(answer)) {
      case SENT -> Sending.SENT;
      case NOT_SENT -> Sending.NOT_SENT;
    };
  }

  @Override
  public void accepted(String client, InetSocketAddress source) {
    connection.requestBegan();
  }

  @Override
  public void answered() {
    connection.requestEnded();
  }

  /**
   * All clients share the secret over TLS, so equal requests of two of them have equal
   * authenticators: the replay memory must not take one for the other. Nobody can replay what TLS
   * carried; what is left are repetitions. With an Event-Timestamp equal octets of one client are
   * the same request, also over its next connection, to which it may take what was not answered
   * (RFC 6613 section 2.6.1) and also after our restart. Without one they are the same only within
   * a connection, as RFC 5080 section 2.2.2 counts: over the next one it may be a new request, of a
   * client that numbers its requests from the start again.
   */
  @Override
  public long replayScope(boolean timestamped) {
    return timestamped ? hash(connection.peer().client()) : connection.number();
  }

  /** The same after a restart (FNV-1a). */
  private static long hash(String name) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }

  @Override
  public void dropped(DropReason reason, String client, InetSocketAddress source) {
    switch (reason) {
      case UNKNOWN_SOURCE -> connection.close(CloseReason.NO_LONGER_ALLOWED, reason.text());
      case BAD_LENGTH -> connection.close(CloseReason.BAD_LENGTH, reason.text());
      case MALFORMED_ATTRIBUTES ->
          connection.close(CloseReason.MALFORMED_ATTRIBUTES, reason.text());
      case REQUEST_AUTHENTICATOR, MESSAGE_AUTHENTICATOR_INVALID, MESSAGE_AUTHENTICATOR_MISMATCH ->
          connection.close(CloseReason.NOT_AUTHENTIC, reason.text());
      case WRONG_CODE,
          MESSAGE_AUTHENTICATOR_MISSING,
          EVENT_TIMESTAMP_MISSING,
          EVENT_TIMESTAMP_INVALID,
          EVENT_TIMESTAMP_OLD,
          EVENT_TIMESTAMP_FUTURE,
          BEFORE_REPLAY_MEMORY,
          DUPLICATE_IN_PROGRESS,
          ANSWER_NOT_KEPT,
          STOPPING,
          RATE_LIMITED,
          REPLAY_MEMORY_FULL -> {
        // silence, as over UDP: what follows can be read and believed
      }
    }
  }
}
