package io.coagateway.radius;

import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to one request, without what every answer gets on its way out (Message-Authenticator,
 * Event-Timestamp, State and Proxy-State of the request; RFC 5176 sections 3.1, 3.3, 3.4 and 6.3).
 *
 * <p>It knows the kind of its request so that an answer that the RFC forbids cannot be built: 504
 * in a CoA-NAK, say, a CoA-ACK with a cause, or a NAK with Acct-Terminate-Cause.
 *
 * @param kind what was asked for
 * @param verdict yes or no
 * @param cause why not; in an ACK only where {@link ErrorCause} admits it
 * @param attributes further ones that {@link AttributeTables} admit in this answer: Service-Type in
 *     a CoA-NAK, Acct-Terminate-Cause in a Disconnect-ACK, EAP-Message in either ACK. The gateway
 *     itself adds none: the first belongs to Authorize-Only requests, which it does not support
 *     (section 3.2), and the others are optional
 * @param reason in words, for log and status page; never on the wire
 */
public record DynamicAuthorizationAnswer(
    Kind kind,
    Verdict verdict,
    Optional<ErrorCause> cause,
    List<Attribute> attributes,
    String reason) {
  /** Yes or no. */
  public enum Verdict {
    /** It was done. */
    ACK,
    /** Nothing was done. */
    NAK
  }

  /** Refuses a cause and attributes that this answer may not carry. */
  public DynamicAuthorizationAnswer {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(verdict);
    Objects.requireNonNull(reason);
    attributes = List.copyOf(attributes);
    if (cause.isPresent() && !cause.get().mayAppearIn(kind, verdict)) {
      throw new IllegalArgumentException(
          "Error-Cause " + cause.get().number() + " may not stand in a " + kind + "-" + verdict);
    }
    for (int i = 0; i < attributes.size(); i++) { // none, as a rule
      requireAdmitted(kind, verdict, attributes.get(i).id(), attributes);
    }
  }

  private static void requireAdmitted(
      Kind kind, Verdict verdict, AttributeId id, List<Attribute> among) {
    long count = among.stream().filter(attribute -> attribute.id().equals(id)).count();
    Optional<AttributeRule> rule = AttributeTables.rule(kind, id);
    if (rule.isEmpty() || !admits(rule.get(), verdict, count)) {
      String times = count > 1 ? count + " times " : "";
      String source = rule.map(row -> ", see " + row.source()).orElse("");
      throw new IllegalArgumentException(
          id + " may not stand " + times + "in a " + kind + "-" + verdict + source);
    }
  }

  /** What every answer gets on its way out, and Error-Cause, are not among the further ones. */
  private static boolean admits(AttributeRule rule, Verdict verdict, long count) {
    return rule.role() != AttributeRule.Role.SIGNALLING
        && !rule.id().equals(Attributes.ERROR_CAUSE)
        && (verdict == Verdict.ACK ? rule.ack() : rule.nak()).allows(count);
  }

  /** A plain ACK. */
  public static DynamicAuthorizationAnswer ack(Kind kind) {
    return new DynamicAuthorizationAnswer(kind, Verdict.ACK, Optional.empty(), List.of(), "");
  }

  /** A NAK that says why. */
  public static DynamicAuthorizationAnswer nak(Kind kind, ErrorCause cause, String reason) {
    return new DynamicAuthorizationAnswer(kind, Verdict.NAK, Optional.of(cause), List.of(), reason);
  }

  /** The same answer with this cause, e.g. 201 in a Disconnect-ACK. */
  public DynamicAuthorizationAnswer withCause(ErrorCause added) {
    return new DynamicAuthorizationAnswer(kind, verdict, Optional.of(added), attributes, reason);
  }
}
