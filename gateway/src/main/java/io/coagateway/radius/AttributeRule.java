package io.coagateway.radius;

import java.util.Objects;

/**
 * One row of the tables of RFC 5176 section 3.6.
 *
 * @param id the attribute
 * @param request how often it may occur in the request
 * @param ack how often in the ACK
 * @param nak how often in the NAK
 * @param role what it is for in a request
 * @param source where the row stands
 */
public record AttributeRule(
    AttributeId id, Occurs request, Occurs ack, Occurs nak, Role role, String source) {
  /** How often an attribute may occur: 0, 0-1, 0+ in the RFCs' tables. */
  public enum Occurs {
    /** 0. */
    NEVER,
    /** 0-1. */
    AT_MOST_ONCE,
    /** 0+. */
    ANY_NUMBER;

    /** Whether {@code count} instances are allowed. */
    public boolean allows(long count) {
      return switch (this) {
        case NEVER -> count == 0;
        case AT_MOST_ONCE -> count <= 1;
        case ANY_NUMBER -> true;
      };
    }
  }

  /** What an attribute is for in a request. */
  public enum Role {
    /** Names the NAS (RFC 5176 section 3). */
    NAS_IDENTIFICATION,
    /** Names the session (RFC 5176 section 3). */
    SESSION_IDENTIFICATION,
    /** Service-Type, which has rules of its own (RFC 5176 section 3.2). */
    SERVICE,
    /**
     * Speaks to the transport of the request, never a reason for a NAK (RFC 8559 section 4.3.2).
     */
    SIGNALLING,
    /** A message for the user: there is no way to show it. */
    WITHOUT_EFFECT,
    /** Goes into accounting, which is the NAS's. */
    ACCOUNTING,
    /** Changes the session's authorization. */
    CHANGE,
    /** Has no place in a request. */
    ANSWER_ONLY
  }

  /** All are needed. */
  public AttributeRule {
    Objects.requireNonNull(id);
    Objects.requireNonNull(request);
    Objects.requireNonNull(ack);
    Objects.requireNonNull(nak);
    Objects.requireNonNull(role);
    Objects.requireNonNull(source);
  }
}
