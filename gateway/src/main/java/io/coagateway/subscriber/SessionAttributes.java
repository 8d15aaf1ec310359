package io.coagateway.subscriber;

import io.coagateway.radius.AttributeId;
import io.coagateway.wire.Octets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What RADIUS knows a session by: attributes and their values as they stand on the wire, in the
 * order in which they were given. Immutable.
 */
public final class SessionAttributes {
  /** No attribute at all. */
  public static final SessionAttributes EMPTY = new SessionAttributes(Map.of(), null);

  // One of the two. Reading twice, when two threads ask at once, gives the same: the map is
  // wrapped before it is seen, so whoever sees it sees all of it.
  private Map<AttributeId, List<Octets>> values;
  private final Supplier<Map<AttributeId, List<Octets>>> unread;

  private SessionAttributes(
      Map<AttributeId, List<Octets>> values, Supplier<Map<AttributeId, List<Octets>>> unread) {
    this.values = values;
    this.unread = unread;
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
    return copy.isEmpty() ? EMPTY : new SessionAttributes(Collections.unmodifiableMap(copy), null);
  }

  /**
   * Those that {@code source} reads, once somebody asks for them: a CoA that has found its
   * subscriber never does.
   *
   * @param source makes a map that nobody else holds, of immutable lists that are not empty; may be
   *     called more than once, on any thread
   */
  static SessionAttributes readWhenAsked(Supplier<Map<AttributeId, List<Octets>>> source) {
    return new SessionAttributes(null, source);
  }

  /** One attribute with one value. */
  public static SessionAttributes of(AttributeId attribute, Octets value) {
    return of(Map.of(attribute, List.of(value)));
  }

  /** These and one more value of {@code attribute}. */
  public SessionAttributes plus(AttributeId attribute, Octets value) {
    Map<AttributeId, List<Octets>> more = new LinkedHashMap<>(asMap());
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
    return asMap().getOrDefault(attribute, List.of());
  }

  /** All attributes and their values; unmodifiable, in order. */
  public Map<AttributeId, List<Octets>> asMap() {
    Map<AttributeId, List<Octets>> known = values;
    if (known == null) {
      known = Collections.unmodifiableMap(unread.get());
      values = known;
    }
    return known;
  }

  /** Whether there is no attribute. */
  public boolean isEmpty() {
    return asMap().isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SessionAttributes o && asMap().equals(o.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
