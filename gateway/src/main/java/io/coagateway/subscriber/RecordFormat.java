package io.coagateway.subscriber;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The record as one line of JSON, its public form: {@code table import} and {@code export}, the
 * HTTP table API, and what {@code nas.on-disconnect} reads.
 *
 * <p>Keys: {@code id}, {@code nas} (may be left out on reading), {@code version}, {@code duid},
 * {@code linkAddress}, {@code peerAddress}, {@code interfaceId}, {@code serverDuid}, {@code
 * reconfigureAccept} (left out when unknown), {@code remoteId} (an object with {@code enterprise}
 * and {@code id}), {@code subscriberId}, {@code session} (RADIUS attribute names, values as
 * radclient prints them), {@code ias}, {@code options} (by code, in hex; an array when an option
 * comes more than once). Octets that are printable ASCII may be written {@code {"text":"1/1/7"}}.
 * Strict on reading: a key it does not know is an error, and so is an {@code id} or {@code nas}
 * that not every database can have ({@link RecordNames}). Safe for all threads.
 */
public final class RecordFormat {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "nas",
          "version",
          "duid",
          "linkAddress",
          "peerAddress",
          "interfaceId",
          "serverDuid",
          "reconfigureAccept",
          "remoteId",
          "subscriberId",
          "session",
          "ias",
          "options");

  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final Pattern DUPLICATE = Pattern.compile("Duplicate field '(.*)'");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final RecordJson json;

  /**
   * @param dictionary names and types of the session's attributes
   */
  public RecordFormat(AttributeDictionary dictionary) {
    json = new RecordJson(dictionary);
  }

  /**
   * A line as text. Decoded strictly: a replacement character in the place of an octet that is not
   * UTF-8 would make a value that no request can ever match.
   *
   * @throws RecordFormatException when it is not UTF-8
   */
  public static String text(byte[] line) throws RecordFormatException {
    ByteBuffer octets = ByteBuffer.wrap(line);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
    } catch (CharacterCodingException e) {
      throw new RecordFormatException(
          "",
          "not UTF-8, octet %d is 0x%02x. Save it as UTF-8, or give this value of the session in hex, like 0x6dfc6c6c6572"
              .formatted(octets.position() + 1, line[octets.position()]));
    }
  }

  /**
   * One record.
   *
   * @param line one JSON object
   * @param defaultNas the NAS of a record that names none
   * @throws RecordFormatException naming key path, value and cure
   */
  public SubscriberRecord parse(String line, String defaultNas) throws RecordFormatException {
    JsonNode node = read(line);
    RecordJson.requireKeys(node, "", KEYS);
    String id = name(node, "id", "a name, unique on its NAS");
    String nas =
        node.has("nas") ? name(node, "nas", "the NAS's name, or leave it out") : defaultNas;
    if (!node.has("duid")) {
      throw RecordJson.wrongKind(
          "duid", node.path("duid"), "the client's DUID in hex like 0003000102005e005301");
    }
    Duid duid = duid(node, "duid");
    SubscriberRecord.Builder record =
        SubscriberRecord.builder(nas, id, duid, address(node, "linkAddress"));
    if (node.has("version")) {
      record.version(version(node.get("version")));
    }
    if (node.has("peerAddress")) {
      record.peerAddress(address(node, "peerAddress"));
    }
    if (node.has("interfaceId")) {
      record.interfaceId(opaque(node.get("interfaceId"), "interfaceId"));
    }
    if (node.has("serverDuid")) {
      record.serverDuid(duid(node, "serverDuid"));
    }
    if (node.has("reconfigureAccept")) {
      record.reconfigureAccept(reconfigureAccept(node.get("reconfigureAccept")));
    }
    if (node.has("remoteId")) {
      record.remoteId(remoteId(node.get("remoteId")));
    }
    if (node.has("subscriberId")) {
      record.subscriberId(opaque(node.get("subscriberId"), "subscriberId"));
    }
    if (node.has("session")) {
      record.session(json.session(node.get("session"), "session", RecordJson.UnknownName.REFUSE));
    }
    if (node.has("ias")) {
      json.ias(node.get("ias"), "ias").forEach(record::ia);
    }
    if (node.has("options")) {
      record.options(options(node.get("options")));
    }
    return record.build();
  }

  private static JsonNode read(String line) throws RecordFormatException {
    try {
      JsonNode node = MAPPER.readTree(line);
      if (node == null || !node.isObject()) {
        throw new RecordFormatException(
            "", "not a JSON object. Give one record a line: {\"id\":…}");
      }
      return node;
    } catch (JsonProcessingException e) {
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      String where = column > 0 ? ", column " + column : "";
      throw new RecordFormatException("", "not JSON" + where + ": " + words(e, line));
    }
  }

  /** The parser's messages are for programmers, and name its own settings. */
  private static String words(JsonProcessingException e, String line) {
    Matcher twice = DUPLICATE.matcher(e.getOriginalMessage());
    if (twice.lookingAt()) {
      return "the key \"" + twice.group(1) + "\" is there twice. Keep one of them";
    }
    if (line.startsWith(BYTE_ORDER_MARK)) {
      return "the file begins with a byte order mark. Save it as UTF-8 without one";
    }
    if (e instanceof MismatchedInputException) {
      return "the line goes on behind the record. Give one record a line";
    }
    if (e instanceof JsonEOFException) {
      return "the line ends inside the record. Close what is open, and give all of a record in one"
          + " line";
    }
    if (e instanceof StreamConstraintsException) {
      return "a number, a key or a text is too long, or brackets are nested too deeply. Write a"
          + " record as table export does";
    }
    if (e.getOriginalMessage().contains("CTRL-CHAR")) {
      return "a control character stands in a text. Write it like \\t or \\u0009";
    }
    if (e.getOriginalMessage().contains("character escape")) {
      return "a backslash begins nothing here that JSON knows. Write \\\\ for a backslash";
    }
    return "a quote, comma, colon or bracket is missing here, or one too many. Write a record like"
        + " {\"id\":\"port-1\",\"duid\":\"0003000102005e100007\"}";
  }

  private static String text(JsonNode node, String key, String wanted)
      throws RecordFormatException {
    JsonNode value = node.path(key);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw RecordJson.wrongKind(key, value, wanted);
    }
    return value.asText();
  }

  /** A text that is in an index of the database. */
  private static String name(JsonNode node, String key, String wanted)
      throws RecordFormatException {
    String name = text(node, key, wanted);
    requireName(key, name);
    return name;
  }

  /** Refuses an id, or the name of a NAS, that not every database can have. */
  static void requireName(String key, String name) throws RecordFormatException {
    Optional<String> problem = RecordNames.problem(name);
    if (problem.isPresent()) {
      throw new RecordFormatException(key, problem.get());
    }
  }

  private static long version(JsonNode node) throws RecordFormatException {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
      throw RecordJson.wrongKind("version", node, "a whole number, or leave it out");
    }
    return node.asLong();
  }

  private static Duid duid(JsonNode node, String key) throws RecordFormatException {
    String hex = text(node, key, "a DUID in hex like 0003000102005e005301");
    try {
      return Duid.ofHex(hex);
    } catch (IllegalArgumentException e) {
      throw new RecordFormatException(key, e.getMessage());
    }
  }

  private static Ipv6Address address(JsonNode node, String key) throws RecordFormatException {
    try {
      return Ipv6Address.parse(text(node, key, "an IPv6 address like 2001:db8::53"));
    } catch (IllegalArgumentException e) {
      throw new RecordFormatException(key, e.getMessage());
    }
  }

  private static Octets opaque(JsonNode node, String path) throws RecordFormatException {
    String wanted = "hex like 312f312f37, or {\"text\":\"1/1/7\"}";
    if (node.isObject() && node.size() == 1 && node.path("text").isTextual()) {
      return Octets.ofUtf8(node.get("text").asText());
    }
    if (!node.isTextual()) {
      throw RecordJson.wrongKind(path, node, wanted);
    }
    return hex(node.asText(), path, wanted);
  }

  private static Octets hex(String text, String path, String wanted) throws RecordFormatException {
    try {
      return Octets.ofHex(text);
    } catch (IllegalArgumentException e) {
      throw new RecordFormatException(
          path, '"' + text + "\" is not hex: " + e.getMessage() + ". Give " + wanted);
    }
  }

  private static ReconfigureAccept reconfigureAccept(JsonNode node) throws RecordFormatException {
    if (!node.isBoolean()) {
      throw RecordJson.wrongKind(
          "reconfigureAccept", node, "true or false, or leave it out when unknown");
    }
    return node.asBoolean() ? ReconfigureAccept.YES : ReconfigureAccept.NO;
  }

  private static RemoteIdOption remoteId(JsonNode node) throws RecordFormatException {
    RecordJson.requireKeys(node, "remoteId", Set.of("enterprise", "id"));
    JsonNode enterprise = node.path("enterprise");
    Octets id = opaque(node.path("id"), "remoteId.id");
    if (!enterprise.isIntegralNumber() || !enterprise.canConvertToLong()) {
      throw RecordJson.wrongKind("remoteId.enterprise", enterprise, "a number like 9");
    }
    try {
      return new RemoteIdOption(enterprise.asLong(), id);
    } catch (IllegalArgumentException e) {
      throw new RecordFormatException("remoteId", e.getMessage());
    }
  }

  private static OptionList options(JsonNode node) throws RecordFormatException {
    if (!node.isObject()) {
      throw RecordJson.wrongKind("options", node, "an object of hex by option code");
    }
    List<Option> options = new ArrayList<>(node.size());
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String path = "options." + field.getKey();
      OptionCode code = code(field.getKey(), path);
      JsonNode value = field.getValue();
      int many = value.isArray() ? value.size() : 1;
      if (many > 1 && code.equals(OptionCode.RADIUS)) {
        throw RecordJson.wrongKind(path, value, "it once: it stands beside the RSOO (RFC 7037)");
      }
      for (int i = 0; i < many; i++) {
        JsonNode one = value.isArray() ? value.get(i) : value;
        options.add(option(code, one, value.isArray() ? path + "[" + i + "]" : path));
      }
    }
    return OptionList.of(options);
  }

  private static OptionCode code(String text, String path) throws RecordFormatException {
    try {
      int code = Integer.parseInt(text);
      if (code > 0 && code <= 0xffff) {
        return new OptionCode(code);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new RecordFormatException(
        path, '"' + text + "\" is not an option code. Give a number from 1 to 65535, like 64");
  }

  private static Option option(OptionCode code, JsonNode node, String path)
      throws RecordFormatException {
    String wanted = "the option's body in hex, or an array of them";
    if (!node.isTextual()) {
      throw RecordJson.wrongKind(path, node, wanted);
    }
    Octets body = hex(node.asText(), path, wanted);
    try {
      return Option.parse(code, body);
    } catch (MalformedException e) {
      throw new RecordFormatException(path, '"' + node.asText() + "\": " + e.getMessage());
    }
  }

  /** One record as one line, without a line end. */
  public String print(SubscriberRecord record) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator out = MAPPER.createGenerator(text)) {
      write(record, out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory does not fail", e);
    }
    return text.toString();
  }

  private void write(SubscriberRecord record, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", record.id());
    if (!record.nas().isEmpty()) {
      out.writeStringField("nas", record.nas());
    }
    out.writeNumberField("version", record.version());
    out.writeStringField("duid", record.duid().toString());
    out.writeStringField("linkAddress", record.linkAddress().toString());
    if (record.peerAddress().isPresent()) {
      out.writeStringField("peerAddress", record.peerAddress().get().toString());
    }
    if (record.interfaceId().isPresent()) {
      writeOpaque("interfaceId", record.interfaceId().get(), out);
    }
    if (record.serverDuid().isPresent()) {
      out.writeStringField("serverDuid", record.serverDuid().get().toString());
    }
    if (record.reconfigureAccept() != ReconfigureAccept.UNKNOWN) {
      out.writeBooleanField(
          "reconfigureAccept", record.reconfigureAccept() == ReconfigureAccept.YES);
    }
    if (record.remoteId().isPresent()) {
      out.writeObjectFieldStart("remoteId");
      out.writeNumberField("enterprise", record.remoteId().get().enterprise());
      writeOpaque("id", record.remoteId().get().id(), out);
      out.writeEndObject();
    }
    if (record.subscriberId().isPresent()) {
      writeOpaque("subscriberId", record.subscriberId().get(), out);
    }
    out.writeFieldName("session");
    json.write(record.session(), out);
    out.writeFieldName("ias");
    json.write(record.ias(), out);
    writeOptions(record.options(), out);
    out.writeEndObject();
  }

  private static void writeOpaque(String key, Octets octets, JsonGenerator out) throws IOException {
    if (isText(octets)) {
      out.writeObjectFieldStart(key);
      out.writeStringField("text", octets.toUtf8());
      out.writeEndObject();
    } else {
      out.writeStringField(key, octets.toHex());
    }
  }

  /** Whether all octets are printable ASCII. */
  static boolean isText(Octets octets) {
    for (int i = 0; i < octets.length(); i++) {
      if (octets.u8(i) < 0x20 || octets.u8(i) > 0x7e) {
        return false;
      }
    }
    return !octets.isEmpty();
  }

  private static void writeOptions(OptionList options, JsonGenerator out) throws IOException {
    Map<Integer, List<String>> byCode = new LinkedHashMap<>();
    for (Option option : options) {
      byCode
          .computeIfAbsent(option.code().number(), k -> new ArrayList<>(1))
          .add(option.encodeBody().toHex());
    }
    out.writeObjectFieldStart("options");
    for (Map.Entry<Integer, List<String>> one : byCode.entrySet()) {
      out.writeFieldName(Integer.toString(one.getKey()));
      if (one.getValue().size() == 1) {
        out.writeString(one.getValue().get(0));
      } else {
        out.writeArray(one.getValue().toArray(new String[0]), 0, one.getValue().size());
      }
    }
    out.writeEndObject();
  }
}
