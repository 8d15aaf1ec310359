package io.coagateway.radius;

import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import java.util.Arrays;
import java.util.Optional;

/**
 * Error-Cause, attribute 101 (RFC 5176 section 3.5): why a request was refused, and which answers
 * may say so. 200 to 299 belong to an ACK, 400 to 599 to a NAK.
 */
public enum ErrorCause {
  /** The session was gone already and leftovers were removed. In a Disconnect-ACK only. */
  RESIDUAL_SESSION_CONTEXT_REMOVED(201, Carriers.DISCONNECT_ACK),
  /** Must not be sent by a NAS (section 3.5). */
  INVALID_EAP_PACKET(202, Carriers.NONE),
  /** An attribute that we do not support in this request. */
  UNSUPPORTED_ATTRIBUTE(401, Carriers.NAKS),
  /** An attribute that is needed is absent. */
  MISSING_ATTRIBUTE(402, Carriers.NAKS),
  /** The request names another NAS. */
  NAS_IDENTIFICATION_MISMATCH(403, Carriers.NAKS),
  /** Another defect, such as the format of an attribute. */
  INVALID_REQUEST(404, Carriers.NAKS),
  /** A Service-Type that is not supported: never in answer to a Disconnect. */
  UNSUPPORTED_SERVICE(405, Carriers.COA_NAK),
  /** This kind of request is not supported at all. */
  UNSUPPORTED_EXTENSION(406, Carriers.NAKS),
  /** Well formed, but a value that we cannot use. */
  INVALID_ATTRIBUTE_VALUE(407, Carriers.NAKS),
  /** Policy forbids it for this session. */
  ADMINISTRATIVELY_PROHIBITED(501, Carriers.NAKS),
  /** Said by proxies only; a NAS must not send it. */
  REQUEST_NOT_ROUTABLE(502, Carriers.NONE),
  /** No session matches. */
  SESSION_CONTEXT_NOT_FOUND(503, Carriers.NAKS),
  /** Found but could not be removed: in a Disconnect-NAK only. */
  SESSION_CONTEXT_NOT_REMOVABLE(504, Carriers.DISCONNECT_NAK),
  /** Said by proxies only. */
  OTHER_PROXY_PROCESSING_ERROR(505, Carriers.NONE),
  /** Memory, storage, time and the like ran out. */
  RESOURCES_UNAVAILABLE(506, Carriers.NAKS),
  /** Authorize-Only was accepted: in a CoA-NAK only. */
  REQUEST_INITIATED(507, Carriers.COA_NAK),
  /** Several sessions match and that is not supported. */
  MULTIPLE_SESSION_SELECTION_UNSUPPORTED(508, Carriers.NAKS),
  /** RFC 5580: location information is needed; not ours to say. */
  LOCATION_INFO_REQUIRED(509, Carriers.NONE),
  /** RFC 7930: for a Protocol-Error; not ours to say. */
  RESPONSE_TOO_BIG(601, Carriers.NONE);

  private enum Carriers {
    NONE,
    DISCONNECT_ACK,
    COA_NAK,
    DISCONNECT_NAK,
    NAKS
  }

  private final int number;
  private final Carriers carriers;

  ErrorCause(int number, Carriers carriers) {
    this.number = number;
    this.carriers = carriers;
  }

  /** The number on the wire, 32 bits there. */
  public int number() {
    return number;
  }

  /** Whether this answer to that kind of request may carry it. */
  public boolean mayAppearIn(Kind kind, DynamicAuthorizationAnswer.Verdict verdict) {
    boolean nak = verdict == DynamicAuthorizationAnswer.Verdict.NAK;
    return switch (carriers) {
      case NONE -> false;
      case DISCONNECT_ACK -> !nak && kind == Kind.DISCONNECT;
      case COA_NAK -> nak && kind == Kind.COA;
      case DISCONNECT_NAK -> nak && kind == Kind.DISCONNECT;
      case NAKS -> nak;
    };
  }

  /** The cause with that number; empty for a number that we do not know. */
  public static Optional<ErrorCause> ofNumber(long number) {
    return Arrays.stream(values()).filter(cause -> cause.number == number).findFirst();
  }
}
