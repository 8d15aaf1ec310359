package io.coagateway.radius;

import io.coagateway.wire.Octets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Attributes by name and by number, vendors and their formats. Immutable; made by {@link Builder},
 * which {@code config} feeds from dictionary files.
 *
 * <p>Names are found whatever their case. An attribute without a definition is written {@code
 * Attr-26.9.1} and holds octets, as in FreeRADIUS.
 */
public final class AttributeDictionary {
  private static final String BY_NUMBER = "attr-";

  private final Map<String, AttributeDefinition> byName;
  private final Map<AttributeId, AttributeDefinition> byId;
  private final Map<Long, Vendor> vendors;

  private AttributeDictionary(
      Map<String, AttributeDefinition> byName,
      Map<AttributeId, AttributeDefinition> byId,
      Map<Long, Vendor> vendors) {
    this.byName = byName;
    this.byId = byId;
    this.vendors = vendors;
  }

  /** Starts an empty dictionary. */
  public static Builder builder() {
    return new Builder();
  }

  /** The definition with that name, whatever its case. */
  public Optional<AttributeDefinition> definition(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The definition of that attribute or TLV. */
  public Optional<AttributeDefinition> definition(AttributeId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** All definitions, in the order in which they were added. */
  public Collection<AttributeDefinition> definitions() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** All vendors. */
  public Collection<Vendor> vendors() {
    return Collections.unmodifiableCollection(vendors.values());
  }

  /** The vendor with that enterprise number. */
  public Optional<Vendor> vendor(long id) {
    return Optional.ofNullable(vendors.get(id));
  }

  /** The type of an attribute; octets when it has no definition. */
  public DataType typeOf(AttributeId id) {
    AttributeDefinition definition = byId.get(id);
    return definition == null ? DataType.OCTETS : definition.type();
  }

  /** The name of an attribute, {@code Attr-26.9.1} when it has no definition. */
  public String nameOf(AttributeId id) {
    AttributeDefinition definition = byId.get(id);
    return definition == null ? "Attr-" + id : definition.name();
  }

  /**
   * An attribute by its name or as {@code Attr-} with its numbers.
   *
   * @return empty when it is neither
   */
  public Optional<AttributeId> idOf(String name) {
    Optional<AttributeDefinition> definition = definition(name);
    if (definition.isPresent()) {
      return definition.map(AttributeDefinition::id);
    }
    if (!name.toLowerCase(Locale.ROOT).startsWith(BY_NUMBER)) {
      return Optional.empty();
    }
    try {
      return Optional.of(AttributeId.parse(name.substring(BY_NUMBER.length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** One attribute as radclient prints it: {@code User-Name = "alice"}. */
  public String print(Attribute attribute) {
    return AttributePrinter.assignment(attribute, this);
  }

  /** The value as radclient prints it, text in quotes. */
  public String printValue(Attribute attribute) {
    return AttributePrinter.print(attribute, this);
  }

  /** The value as {@link #printValue} has it, but text without quotes and escapes. */
  public String valueText(Attribute attribute) {
    return AttributePrinter.plain(attribute, this);
  }

  /**
   * A value in text: as {@link #printValue} or {@link #valueText} print it, or {@code 0x} and hex
   * digits for any type.
   *
   * @throws IllegalArgumentException naming attribute, text and the form expected
   */
  public Attribute parse(AttributeId id, String text) {
    return new Attribute(id, parseValue(id, text));
  }

  /**
   * A whole assignment: {@code User-Name = "alice"}, {@code User-Name=alice}, {@code Attr-26.9.1 =
   * 0x…}; {@code +=} and {@code :=} are taken for {@code =}.
   *
   * @throws IllegalArgumentException naming what is wrong and what to write instead
   */
  public Attribute parse(String assignment) {
    return AttributeParser.parseAssignment(assignment, this);
  }

  /**
   * The octets of a value given as text; see {@link #parse(AttributeId, String)}.
   *
   * @throws IllegalArgumentException naming attribute, text and the form expected
   */
  public Octets parseValue(AttributeId id, String text) {
    return AttributeParser.parse(id, text, this);
  }

  /** Collects definitions; later ones replace earlier ones of the same name or number. */
  public static final class Builder {
    private final Map<String, AttributeDefinition> byName = new HashMap<>();
    private final Map<AttributeId, AttributeDefinition> byId = new LinkedHashMap<>();
    private final Map<Long, Vendor> vendors = new LinkedHashMap<>();

    private Builder() {}

    /** Starts from another dictionary. */
    public Builder addAll(AttributeDictionary dictionary) {
      byName.putAll(dictionary.byName);
      byId.putAll(dictionary.byId);
      vendors.putAll(dictionary.vendors);
      return this;
    }

    /** One attribute or TLV. */
    public Builder add(AttributeDefinition definition) {
      byName.put(Objects.requireNonNull(definition).name().toLowerCase(Locale.ROOT), definition);
      byId.put(definition.id(), definition);
      return this;
    }

    /** One vendor. */
    public Builder add(Vendor vendor) {
      vendors.put(vendor.id(), vendor);
      return this;
    }

    /** What was added so far with that name, whatever its case. */
    public Optional<AttributeDefinition> definition(String name) {
      return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** What was added so far with those numbers. */
    public Optional<AttributeDefinition> definition(AttributeId id) {
      return Optional.ofNullable(byId.get(id));
    }

    /** The vendor added so far with that name, whatever its case. */
    public Optional<Vendor> vendor(String name) {
      return vendors.values().stream().filter(v -> v.name().equalsIgnoreCase(name)).findFirst();
    }

    /** The vendor added so far with that number. */
    public Optional<Vendor> vendor(long id) {
      return Optional.ofNullable(vendors.get(id));
    }

    /** The dictionary. */
    public AttributeDictionary build() {
      return new AttributeDictionary(
          new HashMap<>(byName), new LinkedHashMap<>(byId), new LinkedHashMap<>(vendors));
    }
  }
}
