package io.coagateway.subscriber;

import java.util.List;

/**
 * Which sessions are meant: those of {@code nas} that have every one of {@code keys} (all given
 * attributes are ANDed, RFC 5176 section 3).
 *
 * @param nas the NAS whose records alone are seen; empty: those of every NAS, for a gateway that
 *     was not told which one it stands beside
 * @param keys at least one; without any, every subscriber would match
 */
public record SessionQuery(String nas, List<SessionKey> keys) {
  /** Copies the list and refuses an empty one. */
  public SessionQuery {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a query without any key would match every subscriber");
    }
  }
}
