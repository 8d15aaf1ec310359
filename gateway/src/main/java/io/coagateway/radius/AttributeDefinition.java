package io.coagateway.radius;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a dictionary says of one attribute.
 *
 * @param name e.g. {@code DS-Lite-Tunnel-Name}
 * @param id its numbers
 * @param type its data type
 * @param values names of its values, by number; empty for most
 * @param flags how it differs from the ordinary
 */
public record AttributeDefinition(
    String name, AttributeId id, DataType type, Map<Long, String> values, Flags flags) {
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
    values = Map.copyOf(values);
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
    return Optional.ofNullable(values.get(number));
  }

  /** The number of a named value; case does not matter. */
  public Optional<Long> valueNumber(String valueName) {
    for (Map.Entry<Long, String> value : values.entrySet()) {
      if (value.getValue().equalsIgnoreCase(valueName)) {
        return Optional.of(value.getKey());
      }
    }
    return Optional.empty();
  }
}
