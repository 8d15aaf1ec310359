package io.coagateway.config;

import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeRule;
import io.coagateway.radius.AttributeTables;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import java.util.Optional;
import java.util.Set;

/**
 * Which attributes can be a change in a CoA-Request (RFC 5176 section 3.6, notes 1 and 7: what
 * identifies a session never is).
 *
 * @param names of attributes
 * @param identification vendors' attributes that identify a session
 */
record Changes(Names names, Set<AttributeId> identification) {
  /** Why an attribute never is one, as the rest of a sentence; empty when it can be one. */
  Optional<String> whyNever(AttributeId attribute) {
    String name = names.attributes().nameOf(attribute);
    if (identification.contains(attribute)) {
      return Optional.of(
          name
              + " is one of radius.identification-attributes, and cannot change what it identifies"
              + " (RFC 5176 section 3.6).");
    }
    return AttributeTables.rule(Kind.COA, attribute)
        .filter(rule -> rule.role() != AttributeRule.Role.CHANGE)
        .map(
            rule ->
                name
                    + " is no change in a CoA-Request, but has another purpose (RFC 5176 section"
                    + " 3.6).");
  }
}
