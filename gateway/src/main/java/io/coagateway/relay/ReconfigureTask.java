package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Optional;

/**
 * One client that shall come back for new configuration.
 *
 * @param client its DUID
 * @param linkAddress the identical link-address that the relay uses for it (RQ-3, RQ-4)
 * @param interfaceId as the relay inserts it; sent only to servers whose include says so
 * @param remoteId as the relay inserts it; sent only to servers whose include says so
 * @param subscriberId as the relay inserts it; sent only to servers whose include says so
 * @param supplied the whole set of options that the relay supplies for it; 81 is OPTION_RADIUS,
 *     everything else belongs into the RSOO. Each server gets what its settings permit.
 * @param servers one RECONFIGURE-REQUEST goes to each (RQ-14); at least one
 * @param deadlineNanos when an answer must be there, by {@code Timers.nanos()}
 */
public record ReconfigureTask(
    Duid client,
    Ipv6Address linkAddress,
    Optional<Octets> interfaceId,
    Optional<RemoteIdOption> remoteId,
    Optional<SubscriberIdOption> subscriberId,
    OptionList supplied,
    List<DhcpServer> servers,
    long deadlineNanos) {
  /** Copies the list; refuses none. */
  public ReconfigureTask {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("a reconfigure task needs a server");
    }
  }

  /** A task without Remote-Id and Subscriber-Id. */
  public ReconfigureTask(
      Duid client,
      Ipv6Address linkAddress,
      Optional<Octets> interfaceId,
      OptionList supplied,
      List<DhcpServer> servers,
      long deadlineNanos) {
    this(
        client,
        linkAddress,
        interfaceId,
        Optional.empty(),
        Optional.empty(),
        supplied,
        servers,
        deadlineNanos);
  }
}
