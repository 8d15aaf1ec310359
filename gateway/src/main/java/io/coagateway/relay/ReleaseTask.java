package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Optional;

/**
 * One client whose leases at one server are to be released.
 *
 * @param client the DUID the leases were made with (RL-7)
 * @param server the server that gave them
 * @param serverDuid its DUID (RL-4, RL-11); empty: the configured or learned one of {@code server}
 * @param linkAddress the identical link-address that the relay uses for the client
 * @param peerAddress the client's link-local address; empty: unknown, {@code ::} is sent
 * @param interfaceId as the relay inserts it
 * @param remoteId as the relay inserts it
 * @param subscriberId as the relay inserts it
 * @param ias what to release; at least one
 * @param deadlineNanos when an answer must be there, by {@code Timers.nanos()}
 */
public record ReleaseTask(
    Duid client,
    DhcpServer server,
    Optional<Duid> serverDuid,
    Ipv6Address linkAddress,
    Optional<Ipv6Address> peerAddress,
    Optional<Octets> interfaceId,
    Optional<RemoteIdOption> remoteId,
    Optional<SubscriberIdOption> subscriberId,
    List<LeasedIa> ias,
    long deadlineNanos) {
  /** Copies the list; refuses none. */
  public ReleaseTask {
    ias = List.copyOf(ias);
    if (ias.isEmpty()) {
      throw new IllegalArgumentException("a release task needs an identity association");
    }
  }
}
