package io.coagateway.dynauth;

import io.coagateway.mapping.Carrier;
import io.coagateway.radius.AttributeId;
import io.coagateway.relay.DhcpServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of this package.
 *
 * @param nas whose records are ours; lookups see no others
 * @param responseDeadline a request is answered that long after its arrival, whatever DHCPv6 is
 *     doing; 25 s by default, below the 30 s after which a DAC gives up (RFC 5080 section 2.2.1)
 * @param maxSessions how many sessions one request may match; beyond it the answer is 508
 * @param residualContextCause whether a Disconnect-ACK carries Error-Cause 201 when the binding was
 *     already gone (the table of RFC 5176 section 3.6 says no, its section 3.5 yes)
 * @param servers all DHCPv6 servers, as configured
 * @param knownAttributes by server name: attributes whose changes the server learns by itself
 * @param answers from finding to Error-Cause
 */
public record DynauthParameters(
    String nas,
    Duration responseDeadline,
    int maxSessions,
    boolean residualContextCause,
    List<DhcpServer> servers,
    Map<String, Set<AttributeId>> knownAttributes,
    AnswerTable answers) {
  /** The default of {@link #responseDeadline}. */
  public static final Duration DEFAULT_RESPONSE_DEADLINE = Duration.ofSeconds(25);

  /** The default of {@link #maxSessions}. */
  public static final int DEFAULT_MAX_SESSIONS = 16;

  /** Copies the collections. */
  public DynauthParameters {
    servers = List.copyOf(servers);
    knownAttributes = Map.copyOf(knownAttributes);
    if (maxSessions < 1) {
      throw new IllegalArgumentException("max-sessions " + maxSessions + " is not 1 or more");
    }
  }

  /** The same for the records of {@code name}. */
  public DynauthParameters forNas(String name) {
    return new DynauthParameters(
        name,
        responseDeadline,
        maxSessions,
        residualContextCause,
        servers,
        knownAttributes,
        answers);
  }

  /** How new values reach the servers, all of them. */
  public List<Carrier> carriers() {
    return servers.stream().map(this::carrier).distinct().toList();
  }

  /** How new values reach this server. */
  Carrier carrier(DhcpServer server) {
    Set<AttributeId> known = knownAttributes.getOrDefault(server.name(), Set.of());
    return switch (server.carryOptions()) {
      case RSOO -> new Carrier(Carrier.Kind.RSOO, server.rsooOptions(), Set.of());
      case RADIUS -> new Carrier(Carrier.Kind.RADIUS, Set.of(), Set.of());
      case NONE -> new Carrier(Carrier.Kind.NONE, Set.of(), known);
    };
  }
}
