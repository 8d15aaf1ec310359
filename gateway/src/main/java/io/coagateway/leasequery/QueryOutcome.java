package io.coagateway.leasequery;

import io.coagateway.dhcpv6.StatusCode;
import java.util.Optional;

/**
 * How a query ended.
 *
 * @param kind how
 * @param status the server's, where it gave one that is not Success
 * @param detail for people; may be empty
 * @param clients how many times the server told of a client before
 */
public record QueryOutcome(Kind kind, Optional<StatusCode> status, String detail, int clients) {
  /** The ways to end. */
  public enum Kind {
    /** The server has told all it knows. */
    COMPLETE,
    /** The server knows nothing of the kind. */
    NOTHING_KNOWN,
    /** The server refuses the query. */
    REFUSED,
    /** The answer broke off: connection, silence, an error at the end. What came is kept. */
    ABORTED,
    /** The answer is not what RFC 5460 says, and the rest of it was not read. What came is kept. */
    MALFORMED
  }
}
