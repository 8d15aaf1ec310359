package io.coagateway.radius;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;

/**
 * A CoA-Request or Disconnect-Request that has been proven authentic, fresh and new (RFC 5176
 * sections 3 and 6). What its attributes ask for has not been looked at yet.
 *
 * @param kind which of the two
 * @param identifier the RADIUS Identifier, 0 to 255
 * @param client the configured name of the DAC that sent it
 * @param source where it came from
 * @param received when it came, wall clock
 * @param receivedNanos the same as monotonic nanoseconds, from which its time to answer counts
 * @param attributes in wire order
 */
public record DynamicAuthorizationRequest(
    Kind kind,
    int identifier,
    String client,
    InetSocketAddress source,
    Instant received,
    long receivedNanos,
    AttributeList attributes) {
  /** The two requests of RFC 5176. */
  public enum Kind {
    /** CoA-Request, code 43. */
    COA,
    /** Disconnect-Request, code 40. */
    DISCONNECT
  }

  /** All are needed. */
  public DynamicAuthorizationRequest {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(client);
    Objects.requireNonNull(source);
    Objects.requireNonNull(received);
    Objects.requireNonNull(attributes);
    if (identifier < 0 || identifier > 255) {
      throw new IllegalArgumentException("identifier " + identifier + " is not 0 to 255");
    }
  }
}
