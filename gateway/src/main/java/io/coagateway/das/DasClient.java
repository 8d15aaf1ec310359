package io.coagateway.das;

import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.ratelimit.RateLimit;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A dynamic authorization client (DAC): who may send requests, how they are proven, and what they
 * may ask for. The secret is chosen by source address alone (RFC 5176 section 6.1, RFC 2865 section
 * 3).
 *
 * @param name for logs and metrics; unique
 * @param addresses where it may send from, at least one for UDP; when ranges of two clients
 *     overlap, the longer prefix wins; none, over TLS: from anywhere
 * @param secrets one; or two while a secret is changed: a request may use either, and its answer
 *     uses the same; none: not over UDP
 * @param messageAuthenticator whether its requests must carry one (RFC 5176 section 3.4)
 * @param signAnswers which answers to it carry one
 * @param eventTimestamp whether its requests must carry one (RFC 5176 section 6.3)
 * @param rateLimit how many new requests it may send per second; empty: any number. Over the limit
 *     it gets NAKs with Error-Cause 506, up to as many again; what is still more is dropped
 * @param kinds the request types that it may use; others get a NAK with Error-Cause 501
 * @param sessions what its requests may name, see {@link SessionRule}: at least one rule must
 *     match, otherwise a NAK with Error-Cause 501; empty: all sessions
 * @param tls how it comes over TLS; empty: over UDP alone
 */
public record DasClient(
    String name,
    List<AddressRange> addresses,
    List<Secret> secrets,
    Requirement messageAuthenticator,
    SignAnswers signAnswers,
    Requirement eventTimestamp,
    Optional<RateLimit> rateLimit,
    Set<Kind> kinds,
    List<SessionRule> sessions,
    Optional<TlsPeer> tls) {
  /** Refuses a client that could come in no way. */
  public DasClient {
    Objects.requireNonNull(name);
    Objects.requireNonNull(messageAuthenticator);
    Objects.requireNonNull(signAnswers);
    Objects.requireNonNull(eventTimestamp);
    Objects.requireNonNull(rateLimit);
    Objects.requireNonNull(tls);
    addresses = List.copyOf(addresses);
    secrets = List.copyOf(secrets);
    kinds = Set.copyOf(kinds);
    sessions = List.copyOf(sessions);
    if (addresses.isEmpty() && (tls.isEmpty() || !secrets.isEmpty())) {
      throw new IllegalArgumentException("client " + name + " has no address");
    }
    if (addresses.isEmpty() && tls.get().certificates().isEmpty()) {
      throw new IllegalArgumentException(
          "client " + name + " is known neither by address nor by certificate");
    }
    if (secrets.size() > 2 || (secrets.isEmpty() && tls.isEmpty())) {
      throw new IllegalArgumentException(
          "client " + name + " has " + secrets.size() + " secrets; give one, or two in a change");
    }
  }

  /** A client with everything else at its default, and no rate limit. */
  public static DasClient of(String name, List<AddressRange> addresses, Secret secret) {
    return new DasClient(
        name,
        addresses,
        List.of(secret),
        Requirement.WHEN_PRESENT,
        SignAnswers.WHEN_REQUESTED,
        Requirement.WHEN_PRESENT,
        Optional.empty(),
        Set.of(Kind.COA, Kind.DISCONNECT),
        List.of(),
        Optional.empty());
  }

  /** Whence it may send over UDP, where its secret proves it: nowhere without one. */
  public List<AddressRange> rangesOverUdp() {
    return secrets.isEmpty() ? List.of() : addresses;
  }

  /** Whether an address is one that it may send from. */
  boolean maySendFrom(InetAddress address) {
    return addresses.isEmpty() || addresses.stream().anyMatch(range -> range.contains(address));
  }
}
