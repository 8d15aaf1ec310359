package io.coagateway.vectors;

import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One vector: named fields, each with its values in order. Its text, which a failing test shows, is
 * its place and name.
 *
 * @param place file and line
 * @param name the value of its {@code name} field
 * @param fields field to values; a field may come more than once
 */
public record Vector(String place, String name, Map<String, List<String>> fields) {
  /** The only value of a field that must be there. */
  public String get(String field) {
    return find(field)
        .orElseThrow(() -> new AssertionError(this + ": field \"" + field + "\" is missing"));
  }

  /** The only value of a field that may be there. */
  public Optional<String> find(String field) {
    List<String> values = all(field);
    if (values.size() > 1) {
      throw new AssertionError(this + ": field \"" + field + "\" stands twice");
    }
    return values.stream().findFirst();
  }

  /** All values of a field, perhaps none. */
  public List<String> all(String field) {
    return fields.getOrDefault(field, List.of());
  }

  /** A hex field; white space and line ends do not count. */
  public Octets hex(String field) {
    return Octets.ofHex(get(field));
  }

  @Override
  public String toString() {
    return place + " " + name;
  }
}
