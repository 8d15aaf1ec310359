package io.coagateway.radsec;

import java.util.Objects;

/**
 * Somebody whom we know.
 *
 * @param client the configured client, for logs and metrics
 * @param settings how it is known, and where it is to be found
 */
public record Peer(String client, TlsPeer settings) {
  /** Refuses nulls. */
  public Peer {
    Objects.requireNonNull(client);
    Objects.requireNonNull(settings);
  }
}
