package io.coagateway.dynauth;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clients that are asked to come back, and those that were seen to have done so on their own (RQ-17
 * of RFC 6977 section 6.3). Only on the gateway's event loop.
 */
public final class Returns {
  /** Is told that its client came back. */
  @FunctionalInterface
  interface Awaiting {
    /**
     * The client has fetched its configuration.
     *
     * @param link the link that it is at
     * @param interfaceId its line there, where the relay tells it
     * @param reply the options of the server's REPLY
     */
    void onReturn(Ipv6Address link, Optional<Octets> interfaceId, OptionList reply);
  }

  private final Map<Duid, List<Awaiting>> awaited = new HashMap<>();
  private final boolean seen;

  private Returns(boolean seen) {
    this.seen = seen;
  }

  /** Somebody sees the servers' REPLYs and tells of them. */
  public static Returns seen() {
    return new Returns(true);
  }

  /** Nobody sees them: nothing is kept. */
  public static Returns unseen() {
    return new Returns(false);
  }

  /**
   * A client has fetched its configuration, in a REPLY to REQUEST, RENEW, REBIND, rapid SOLICIT or
   * INFORMATION-REQUEST that refuses nothing.
   *
   * @param client its DUID; the same may be in use on several lines
   * @param link the link that it is at
   * @param interfaceId its line there, where the relay tells it
   * @param reply the options of the REPLY
   */
  public void cameBack(
      Duid client, Ipv6Address link, Optional<Octets> interfaceId, OptionList reply) {
    List<Awaiting> waiting = awaited.get(client);
    if (waiting != null) {
      List.copyOf(waiting).forEach(one -> one.onReturn(link, interfaceId, reply));
    }
  }

  /** From now on {@code awaiting} is told. */
  void await(Duid client, Awaiting awaiting) {
    if (seen) {
      awaited.computeIfAbsent(client, duid -> new ArrayList<>(1)).add(awaiting);
    }
  }

  /** It need not be told any more. */
  void forget(Duid client, Awaiting awaiting) {
    if (seen) {
      awaited.computeIfPresent(
          client,
          (duid, waiting) -> waiting.remove(awaiting) && waiting.isEmpty() ? null : waiting);
    }
  }

  /** How many clients are awaited. */
  int size() {
    return awaited.size();
  }
}
