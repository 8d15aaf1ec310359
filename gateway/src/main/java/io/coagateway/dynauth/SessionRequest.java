package io.coagateway.dynauth;

import io.coagateway.radius.Attribute;
import io.coagateway.subscriber.SessionQuery;
import java.util.List;

/**
 * What a request asks for, once its attributes have been checked.
 *
 * @param query which sessions, all keys ANDed (RFC 5176 section 3)
 * @param changes what shall change, in packet order; empty in a Disconnect-Request
 */
record SessionRequest(SessionQuery query, List<Attribute> changes) {
  SessionRequest {
    changes = List.copyOf(changes);
  }

  /** The query in words, for the log: attribute numbers and how many of them. */
  String describe() {
    return query.toString();
  }
}
