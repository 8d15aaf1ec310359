package io.coagateway.das;

import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;

/**
 * Told what happens to requests, for counting. Called on the RADIUS loop, several times for each
 * datagram: implementations must be quick and must not block.
 */
public interface DasObserver {
  /** The client name given when the source is not a configured client. */
  String NO_CLIENT = "";

  /**
   * A datagram came in.
   *
   * @param octets its length
   */
  default void datagramReceived(int octets) {}

  /**
   * A datagram got no answer.
   *
   * @param client the configured client, or {@link #NO_CLIENT}
   * @param code the Code field, or -1 when the datagram has none
   */
  default void dropped(DropReason reason, String client, int code) {}

  /** A request was proven authentic, fresh and new. */
  default void accepted(String client, Kind kind) {}

  /**
   * A request that was answered before came again, and the stored answer was sent again.
   *
   * @param sameSource whether it came from the same address and port; if not, it is a replay or a
   *     client that changes its port
   */
  default void answeredAgain(String client, Kind kind, boolean sameSource) {}

  /**
   * The first answer to a request was sent.
   *
   * @param nanos from the request's arrival to now
   */
  default void answered(
      DynamicAuthorizationRequest request, DynamicAuthorizationAnswer answer, long nanos) {}

  /**
   * An answer could not be sent: the socket is gone or its send buffer is full. It is stored, so a
   * repeated request gets it.
   */
  default void notSent(String client) {}

  /** Observes nothing. */
  static DasObserver none() {
    return new DasObserver() {};
  }
}
