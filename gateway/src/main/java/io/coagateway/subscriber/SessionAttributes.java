package io.coagateway.subscriber;

import io.coagateway.radius.AttributeId;
import io.coagateway.wire.Octets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What RADIUS knows a session by: attributes and their values as they stand on the wire, in the
 * order in which they were given. Immutable.
 */
public final class SessionAttributes {
  /** No attribute at all. */
  public static final SessionAttributes EMPTY = new SessionAttributes(Map.of());

  private final Map<AttributeId, List<Octets>> values;

  private SessionAttributes(Map<AttributeId, List<Octets>> values) {
    this.values = values;
  }

  /** A copy of {@code values}; attributes without a value are left out. */
  public static SessionAttributes of(Map<AttributeId, List<Octets>> values) {
    Map<AttributeId, List<Octets>> copy = new LinkedHashMap<>();
    values.forEach(
        (attribute, list) -> {
          if (!list.isEmpty()) {
            copy.put(attribute, List.copyOf(list));
          }
        });
    return owning(copy);
  }

  /** Those of a map that nobody else holds, of immutable lists that are not empty. */
  static SessionAttributes owning(Map<AttributeId, List<Octets>> values) {
    return values.isEmpty() ? EMPTY : new SessionAttributes(Collections.unmodifiableMap(values));
  }

  /** One attribute with one value. */
  public static SessionAttributes of(AttributeId attribute, Octets value) {
    return of(Map.of(attribute, List.of(value)));
  }

  /** These and one more value of {@code attribute}. */
  public SessionAttributes plus(AttributeId attribute, Octets value) {
    Map<AttributeId, List<Octets>> more = new LinkedHashMap<>(values);
    more.merge(
        attribute,
        List.of(value),
        (old, added) -> {
          List<Octets> both = new java.util.ArrayList<>(old);
          both.addAll(added);
          return both;
        });
    return of(more);
  }

  /** The values of {@code attribute}, perhaps none. */
  public List<Octets> values(AttributeId attribute) {
    return values.getOrDefault(attribute, List.of());
  }

  /** All attributes and their values; unmodifiable, in order. */
  public Map<AttributeId, List<Octets>> asMap() {
    return values;
  }

  /** Whether there is no attribute. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SessionAttributes o && values.equals(o.values);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(values);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
