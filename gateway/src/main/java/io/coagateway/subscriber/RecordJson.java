package io.coagateway.subscriber;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The two parts of a record that are JSON in the database as well as in the NDJSON form: {@code
 * session} and {@code ias}.
 */
final class RecordJson {
  private static final long MAX_IAID = 0xffff_ffffL; // RFC 8415 section 21.4: four octets

  private final AttributeDictionary dictionary;

  RecordJson(AttributeDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /**
   * A session object.
   *
   * @param unknown told the names that no dictionary has, whose values are left out; may throw
   */
  SessionAttributes session(JsonNode node, String path, UnknownName unknown)
      throws RecordFormatException {
    if (!node.isObject()) {
      throw wrongKind(path, node, "an object like {\"User-Name\":[\"alice\"]}");
    }
    Map<AttributeId, List<Octets>> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String at = path + "." + field.getKey();
      Optional<AttributeId> attribute = dictionary.idOf(field.getKey());
      if (attribute.isEmpty()) {
        unknown.accept(at, field.getKey());
        continue;
      }
      List<Octets> list = values.computeIfAbsent(attribute.get(), k -> new ArrayList<>(1));
      if (field.getValue().isArray()) {
        for (int i = 0; i < field.getValue().size(); i++) {
          list.add(value(attribute.get(), field.getValue().get(i), at + "[" + i + "]"));
        }
      } else {
        list.add(value(attribute.get(), field.getValue(), at));
      }
    }
    return SessionAttributes.of(values);
  }

  private Octets value(AttributeId attribute, JsonNode node, String path)
      throws RecordFormatException {
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw wrongKind(path, node, "a string, the value as radclient prints it");
    }
    try {
      return dictionary.parseValue(attribute, node.asText());
    } catch (IllegalArgumentException e) {
      throw new RecordFormatException(path, e.getMessage());
    }
  }

  void write(SessionAttributes session, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Map.Entry<AttributeId, List<Octets>> one : session.asMap().entrySet()) {
      out.writeArrayFieldStart(dictionary.nameOf(one.getKey()));
      for (Octets value : one.getValue()) {
        out.writeString(dictionary.valueText(new Attribute(one.getKey(), value)));
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  /** An array of identity associations. */
  List<IdentityAssociation> ias(JsonNode node, String path) throws RecordFormatException {
    if (!node.isArray()) {
      throw wrongKind(path, node, "an array of objects with type, iaid and leases");
    }
    List<IdentityAssociation> ias = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      ias.add(ia(node.get(i), path + "[" + i + "]"));
    }
    return ias;
  }

  private static IdentityAssociation ia(JsonNode node, String path) throws RecordFormatException {
    requireKeys(node, path, Set.of("type", "iaid", "leases", "validUntil"));
    IdentityAssociation.Type type = type(node.path("type"), path + ".type");
    OptionalLong iaid = OptionalLong.empty();
    if (node.has("iaid")) {
      JsonNode number = node.get("iaid");
      if (!number.canConvertToLong()
          || !number.isIntegralNumber()
          || number.asLong() < 0
          || number.asLong() > MAX_IAID) {
        throw wrongKind(path + ".iaid", number, "a number from 0 to 4294967295 (four octets)");
      }
      iaid = OptionalLong.of(number.asLong());
    }
    JsonNode list = node.path("leases");
    if (!list.isArray()) {
      throw wrongKind(path + ".leases", list, "an array of addresses or prefixes, perhaps empty");
    }
    List<Ipv6Prefix> leases = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      leases.add(lease(type, list.get(i), path + ".leases[" + i + "]"));
    }
    List<Instant> ends = new ArrayList<>();
    if (node.has("validUntil")) {
      JsonNode until = node.get("validUntil");
      if (!until.isArray() || until.size() != leases.size()) {
        throw wrongKind(path + ".validUntil", until, "an array with an end for each lease");
      }
      for (int i = 0; i < until.size(); i++) {
        ends.add(end(until.get(i), path + ".validUntil[" + i + "]"));
      }
    }
    return new IdentityAssociation(type, iaid, leases, ends);
  }

  private static Instant end(JsonNode node, String path) throws RecordFormatException {
    if (node.isNull()) {
      return IdentityAssociation.FOREVER;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() >>> 34 != 0) {
      throw wrongKind(path, node, "the end in Unix seconds like 1795300000, null for never");
    }
    return Instant.ofEpochSecond(node.asLong());
  }

  private static IdentityAssociation.Type type(JsonNode node, String path)
      throws RecordFormatException {
    for (IdentityAssociation.Type type : IdentityAssociation.Type.values()) {
      if (type.name().equals(node.asText())) {
        return type;
      }
    }
    throw wrongKind(path, node, "IA_NA, IA_TA or IA_PD");
  }

  private static Ipv6Prefix lease(IdentityAssociation.Type type, JsonNode node, String path)
      throws RecordFormatException {
    boolean prefix = type == IdentityAssociation.Type.IA_PD;
    if (!node.isTextual()) {
      throw wrongKind(
          path, node, prefix ? "a prefix like 2001:db8:42::/56" : "an address like 2001:db8::53");
    }
    try {
      return prefix
          ? Ipv6Prefix.parse(node.asText())
          : new Ipv6Prefix(Ipv6Address.parse(node.asText()), 128);
    } catch (IllegalArgumentException e) {
      throw new RecordFormatException(path, e.getMessage());
    }
  }

  void write(List<IdentityAssociation> ias, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (IdentityAssociation ia : ias) {
      out.writeStartObject();
      out.writeStringField("type", ia.type().name());
      if (ia.iaid().isPresent()) {
        out.writeNumberField("iaid", ia.iaid().getAsLong());
      }
      out.writeArrayFieldStart("leases");
      for (Ipv6Prefix lease : ia.leases()) {
        out.writeString(ia.leaseText(lease));
      }
      out.writeEndArray();
      if (!ia.validUntil().isEmpty()) {
        writeEnds(ia.validUntil(), out);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeEnds(List<Instant> ends, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("validUntil");
    for (Instant end : ends) {
      if (end.equals(IdentityAssociation.FOREVER)) {
        out.writeNull();
      } else {
        out.writeNumber(end.getEpochSecond());
      }
    }
    out.writeEndArray();
  }

  static void requireKeys(JsonNode node, String path, Set<String> known)
      throws RecordFormatException {
    if (!node.isObject()) {
      throw wrongKind(path, node, "an object");
    }
    Iterator<String> names = node.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new RecordFormatException(
            path,
            "\"%s\" is no key of the record form. Known: %s"
                .formatted(name, String.join(", ", known.stream().sorted().toList())));
      }
    }
  }

  static RecordFormatException wrongKind(String path, JsonNode found, String wanted) {
    if (found.isMissingNode()) {
      return new RecordFormatException(path, "is missing. Give " + wanted);
    }
    String text = found.isTextual() ? '"' + found.asText() + '"' : found.toString();
    return new RecordFormatException(path, text + " will not do. Give " + wanted);
  }

  /** What to do about an attribute name that no dictionary has. */
  @FunctionalInterface
  interface UnknownName {
    /** Refuses the record. */
    UnknownName REFUSE =
        (path, name) -> {
          throw new RecordFormatException(
              path,
              "no dictionary has an attribute \""
                  + name
                  + "\". Load its dictionary, or write it by number like Attr-26.9.1");
        };

    void accept(String path, String name) throws RecordFormatException;

    static UnknownName tell(Consumer<String> names) {
      return (path, name) -> names.accept(name);
    }
  }
}
