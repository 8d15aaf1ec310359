package io.coagateway.dynauth;

import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import java.util.EnumMap;
import java.util.Map;

/**
 * From {@link Finding} to Error-Cause: the table as shipped, with the rows that the configuration
 * overrides. No RFC translates DHCPv6 outcomes, so every row may be overridden.
 */
public final class AnswerTable {
  private final Map<Kind, Map<Finding, ErrorCause>> causes = new EnumMap<>(Kind.class);

  /** The table as shipped. */
  public AnswerTable() {
    this(Map.of(), Map.of());
  }

  /**
   * @param coa overrides for CoA-NAK
   * @param disconnect overrides for Disconnect-NAK
   */
  public AnswerTable(Map<Finding, ErrorCause> coa, Map<Finding, ErrorCause> disconnect) {
    for (Kind kind : Kind.values()) {
      Map<Finding, ErrorCause> row = new EnumMap<>(Finding.class);
      for (Finding finding : Finding.values()) {
        finding.shippedCause(kind).ifPresent(cause -> row.put(finding, cause));
      }
      row.putAll(kind == Kind.COA ? coa : disconnect);
      causes.put(kind, row);
    }
  }

  /** The Error-Cause for a NAK to a request of this kind. */
  public ErrorCause cause(Kind kind, Finding finding) {
    return causes.get(kind).getOrDefault(finding, ErrorCause.RESOURCES_UNAVAILABLE);
  }
}
