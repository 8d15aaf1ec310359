package io.coagateway.config;

import io.coagateway.radius.AttributeId;
import io.coagateway.radius.RequestParameters;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How requests are judged once they are proven authentic.
 *
 * @param responseDeadline a NAK is sent by then, whatever DHCPv6 is doing
 * @param residualContextCause whether a Disconnect-ACK carries Error-Cause 201 when the binding was
 *     already gone
 * @param maxSessions how many sessions one request may touch; more: NAK 508
 * @param otherAttributes what to do with an attribute that nothing can carry
 * @param identification vendors' attributes that identify a session
 * @param strictDisconnect whether Framed-IP-Address, Framed-Interface-Id and Framed-IPv6-Prefix in
 *     a Disconnect-Request are a NAK 401, as the table of RFC 5176 section 3.6 has it
 */
public record RequestSettings(
    Duration responseDeadline,
    boolean residualContextCause,
    int maxSessions,
    OtherAttributes otherAttributes,
    Set<AttributeId> identification,
    boolean strictDisconnect) {
  /** Copies the set. */
  public RequestSettings {
    identification = Set.copyOf(identification);
  }

  /** The parameters of the request rules for one NAS. */
  RequestParameters parameters(
      Optional<String> identifier,
      List<InetAddress> addresses,
      Predicate<AttributeId> supportedChange) {
    return new RequestParameters(
        identifier.map(Set::of).orElse(Set.of()),
        Set.copyOf(addresses),
        otherAttributes,
        strictDisconnect,
        identification,
        supportedChange);
  }
}
