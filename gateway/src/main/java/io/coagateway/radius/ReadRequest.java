package io.coagateway.radius;

import java.util.List;
import java.util.Objects;

/**
 * A request that breaks no rule of RFC 5176: its attributes sorted by what they are for.
 *
 * @param request what was read
 * @param session the attributes that identify the session, at least one, ANDed (RFC 5176 section
 *     3); values as {@link IdentificationValue} compares them
 * @param changes the authorization changes of a CoA in wire order; none asks the client to come
 *     back for its current options
 * @param ignored attributes that were admitted or, by configuration, tolerated without an effect,
 *     for counting; signalling attributes are not among them
 */
public record ReadRequest(
    DynamicAuthorizationRequest request,
    List<Attribute> session,
    List<Attribute> changes,
    List<AttributeId> ignored)
    implements RequestReading {
  /** Copies the lists. */
  public ReadRequest {
    Objects.requireNonNull(request);
    session = List.copyOf(session);
    changes = List.copyOf(changes);
    ignored = List.copyOf(ignored);
    if (session.isEmpty()) {
      throw new IllegalArgumentException("a request without session identification is refused");
    }
  }

  @Override
  public Kind kind() {
    return Kind.READ;
  }
}
