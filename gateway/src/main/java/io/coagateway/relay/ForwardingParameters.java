package io.coagateway.relay;

import io.coagateway.wire.Ipv6Prefix;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The role of an intermediate relay: what to do with the requests of other relays.
 *
 * @param listen where they arrive; empty: the role is off
 * @param reconfigureRequest RECONFIGURE-REQUEST (RQ-60; RFC 6977 section 6.4: accepted unless
 *     configured otherwise). Accepted from anybody when {@code trusted} is empty.
 * @param releaseRequest RELEASE-REQUEST (RL-50; section 4.1.2 of the draft: dropped unless
 *     configured otherwise). Accepted from {@code trusted} alone.
 * @param trusted the source addresses that are trusted
 */
public record ForwardingParameters(
    List<InetSocketAddress> listen,
    Policy reconfigureRequest,
    Policy releaseRequest,
    List<Ipv6Prefix> trusted) {
  /** What happens to a request of another relay. */
  public enum Policy {
    /** It is forwarded to the servers. */
    ACCEPT,
    /** It is discarded silently. */
    REJECT
  }

  /** The role is off. */
  public static final ForwardingParameters OFF =
      new ForwardingParameters(List.of(), Policy.ACCEPT, Policy.REJECT, List.of());

  /** Copies the lists. */
  public ForwardingParameters {
    listen = List.copyOf(listen);
    trusted = List.copyOf(trusted);
  }
}
