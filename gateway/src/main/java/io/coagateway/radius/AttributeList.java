package io.coagateway.radius;

import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The attributes of one packet in wire order, and what was wrong with those that are left out.
 *
 * <p>Attributes of the same type keep their order; between different types it means nothing (RFC
 * 2865 section 5). Immutable. The values share the memory of the packet: {@link Octets#compact} one
 * before keeping it.
 */
public final class AttributeList implements Iterable<Attribute> {
  /** No attributes. */
  public static final AttributeList EMPTY = new AttributeList(List.of(), List.of());

  private final List<Attribute> attributes;
  private final List<AttributeDefect> defects;

  AttributeList(List<Attribute> attributes, List<AttributeDefect> defects) {
    this.attributes = attributes;
    this.defects = defects;
  }

  /** These attributes in this order. */
  public static AttributeList of(List<Attribute> attributes) {
    return attributes.isEmpty() ? EMPTY : new AttributeList(List.copyOf(attributes), List.of());
  }

  /** These attributes in this order. */
  public static AttributeList of(Attribute... attributes) {
    return of(Arrays.asList(attributes));
  }

  /**
   * Reads the attributes of a packet. Vendor-Specific is split as the vendor's format says (one
   * octet each for type and length unless the dictionary knows better), fragments of long-extended
   * attributes are joined even when other attributes stand between them (RFC 6929 section 2.2), and
   * what the dictionary calls a container is checked to be filled exactly by TLVs.
   *
   * <p>Never throws: what cannot be read is left out and named in {@link #defects}. When an
   * attribute's Length leads out of the packet, which the check of the packet has ruled out, the
   * last defect says so and nothing after it is read.
   *
   * @param octets what follows the 20 octets of the header, 0 to 4076 octets
   */
  public static AttributeList parse(Octets octets, AttributeDictionary dictionary) {
    return new AttributeReader(octets, dictionary).read();
  }

  /** All attributes, in wire order. */
  public List<Attribute> all() {
    return attributes;
  }

  /** The attributes with this id, in wire order. */
  public List<Attribute> all(AttributeId id) {
    List<Attribute> found = List.of();
    for (int i = 0; i < attributes.size(); i++) {
      Attribute attribute = attributes.get(i);
      if (attribute.id().equals(id)) {
        if (found.isEmpty()) {
          found = new ArrayList<>(2);
        }
        found.add(attribute);
      }
    }
    return found.isEmpty() ? found : Collections.unmodifiableList(found);
  }

  /** The first attribute with this id. */
  public Optional<Attribute> first(AttributeId id) {
    for (int i = 0; i < attributes.size(); i++) {
      Attribute attribute = attributes.get(i);
      if (attribute.id().equals(id)) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }

  /** How many attributes have this id. */
  public int count(AttributeId id) {
    int count = 0;
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.get(i).id().equals(id)) {
        count++;
      }
    }
    return count;
  }

  /** Whether an attribute has this id. */
  public boolean has(AttributeId id) {
    return first(id).isPresent();
  }

  /** How many attributes. */
  public int size() {
    return attributes.size();
  }

  /** Whether there is none; defects do not count. */
  public boolean isEmpty() {
    return attributes.isEmpty();
  }

  /** What was left out and why, in wire order. */
  public List<AttributeDefect> defects() {
    return defects;
  }

  /**
   * The octets of these attributes: values longer than one long-extended attribute are cut into
   * fragments, TLVs that stand next to each other and belong to the same attribute share it.
   *
   * @throws IllegalArgumentException naming the attribute whose value does not fit
   */
  public Octets encode(AttributeDictionary dictionary) {
    return AttributeWriter.encode(attributes, dictionary);
  }

  @Override
  public Iterator<Attribute> iterator() {
    return attributes.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttributeList list
        && attributes.equals(list.attributes)
        && defects.equals(list.defects);
  }

  @Override
  public int hashCode() {
    return Objects.hash(attributes, defects);
  }

  @Override
  public String toString() {
    return defects.isEmpty() ? attributes.toString() : attributes + " defects " + defects;
  }
}
