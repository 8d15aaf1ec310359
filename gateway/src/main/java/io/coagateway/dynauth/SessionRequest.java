package io.coagateway.dynauth;

import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.SessionQuery;
import java.util.List;
import java.util.stream.Collectors;

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

  /** The query in words, for the log: {@code User-Name = "alice@example.net"}. */
  String describe(AttributeDictionary dictionary) {
    return query.keys().stream()
        .map(key -> dictionary.print(new Attribute(key.attribute(), key.value())))
        .collect(Collectors.joining(", "));
  }
}
