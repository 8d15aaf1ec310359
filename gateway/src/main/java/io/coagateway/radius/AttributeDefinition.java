package io.coagateway.radius;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a dictionary says of one attribute.
 *
 * @param name e.g. {@code DS-Lite-Tunnel-Name}
 * @param id its numbers
 * @param type its data type
 * @param values numbers of its named values; empty for most. Of two names for one number the later
 *     is printed, both are read
 * @param flags how it differs from the ordinary
 */
public record AttributeDefinition(
    String name, AttributeId id, DataType type, Map<String, Long> values, Flags flags) {
  /**
   * How an attribute differs from the ordinary.
   *
   * @param tagged the first octet may be a tag (RFC 2868 section 3)
   * @param encryption 0 none; 1 User-Password, 2 Tunnel-Password, 3 Ascend: the value is hidden
   * @param concatenated values of the same type are one value cut into pieces (EAP-Message)
   * @param array the value is a row of values of this type
   * @param length the only length allowed, 0 for what the type allows
   */
  public record Flags(
      boolean tagged, int encryption, boolean concatenated, boolean array, int length) {
    /** Ordinary in everything. */
    public static final Flags NONE = new Flags(false, 0, false, false, 0);
  }

  /** Copies the values. */
  public AttributeDefinition {
    Objects.requireNonNull(name);
    Objects.requireNonNull(id);
    Objects.requireNonNull(type);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    Objects.requireNonNull(flags);
  }

  /** An ordinary attribute without named values. */
  public static AttributeDefinition of(String name, AttributeId id, DataType type) {
    return new AttributeDefinition(name, id, type, Map.of(), Flags.NONE);
  }

  boolean isConcatenated() {
    return flags.concatenated();
  }

  /** The name of a value. */
  public Optional<String> valueName(long number) {
    String found = null;
    for (Map.Entry<String, Long> value : values.entrySet()) {
      if (value.getValue() == number) {
        found = value.getKey();
      }
    }
    return Optional.ofNullable(found);
  }

  /** The number of a named value; case does not matter. */
  public Optional<Long> valueNumber(String valueName) {
    for (Map.Entry<String, Long> value : values.entrySet()) {
      if (value.getKey().equalsIgnoreCase(valueName)) {
        return Optional.of(value.getValue());
      }
    }
    return Optional.empty();
  }

  /** The same with one more named value. */
  public AttributeDefinition withValue(String valueName, long number) {
    Map<String, Long> more = new LinkedHashMap<>(values);
    more.remove(valueName);
    more.put(valueName, number);
    return new AttributeDefinition(name, id, type, more, flags);
  }
}
