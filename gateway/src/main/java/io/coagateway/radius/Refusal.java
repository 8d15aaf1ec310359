package io.coagateway.radius;

import java.util.Objects;
import java.util.Optional;

/**
 * A request that gets a NAK.
 *
 * @param cause the Error-Cause
 * @param attribute the attribute that earned it, if it was one
 * @param reason in words, naming the attribute; for the log, never on the wire
 */
public record Refusal(ErrorCause cause, Optional<AttributeId> attribute, String reason)
    implements RequestReading {
  /** All are needed. */
  public Refusal {
    Objects.requireNonNull(cause);
    Objects.requireNonNull(attribute);
    Objects.requireNonNull(reason);
  }

  @Override
  public Kind kind() {
    return Kind.REFUSED;
  }

  /** The answer to a request of that kind. */
  public DynamicAuthorizationAnswer toAnswer(DynamicAuthorizationRequest.Kind requestKind) {
    return DynamicAuthorizationAnswer.nak(requestKind, cause, reason);
  }
}
