package io.coagateway.learn;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.subscriber.ReconfigureAccept;
import java.util.List;

/**
 * What one server's REPLY changed for one client.
 *
 * @param client the client and its place
 * @param server the server whose word it is
 * @param reconfigureAccept whether the client accepts Reconfigure; unknown when this exchange did
 *     not tell
 * @param leases what became of its leases, at least one
 */
public record BindingChange(
    RelayedClient client,
    Duid server,
    ReconfigureAccept reconfigureAccept,
    List<LeaseChange> leases) {
  /** Copies the list; refuses an empty one. */
  public BindingChange {
    leases = List.copyOf(leases);
    if (leases.isEmpty()) {
      throw new IllegalArgumentException("a change without leases changes nothing");
    }
  }

  /** Whether some lease is granted. */
  public boolean grants() {
    return leases.stream().anyMatch(change -> change.kind() == LeaseChange.Kind.GRANTED);
  }
}
