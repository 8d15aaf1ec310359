package io.coagateway.subscriber;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Rows to records and back. Other programs write rows, so a row may hold what is no record: it is
 * then left out and told, once. An attribute that no dictionary has is left out of its session.
 */
final class SqlRow {
  /** The columns that {@link #read} expects, of the view or a join that names it s. */
  static final String COLUMNS =
      "s.key, s.nas, s.id, s.version, s.duid, s.link_address, s.peer_address, s.interface_id,"
          + " s.server_duid, s.reconfigure_accept, s.remote_id, s.subscriber_id, s.session, s.ias,"
          + " s.options, s.radius";

  private static final List<String> NAME = List.of("nas", "id");
  private static final List<String> CONTENT =
      List.of(
          "duid",
          "link_address",
          "peer_address",
          "interface_id",
          "server_duid",
          "reconfigure_accept",
          "remote_id",
          "subscriber_id",
          "session",
          "ias");

  /** The columns that {@link #bind} sets, in its order. */
  static final String BOUND_COLUMNS = String.join(", ", NAME) + ", " + String.join(", ", CONTENT);

  /** How many they are. */
  static final int BOUND = NAME.size() + CONTENT.size();

  /** What stands for them in a statement. */
  static final String BOUND_VALUES = String.join(", ", Collections.nCopies(BOUND, "?"));

  /**
   * Of {@code ON CONFLICT (id, nas) DO UPDATE SET}: the record is the one that was not inserted.
   */
  static final String BOUND_ANEW =
      CONTENT.stream()
          .map(column -> column + " = excluded." + column)
          .collect(Collectors.joining(", "));

  private static final int TELL_AT_MOST = 1000;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final RecordJson json;
  private final Consumer<List<String>> unreadable;
  private final Set<String> told = new HashSet<>();

  SqlRow(AttributeDictionary dictionary, Consumer<List<String>> unreadable) {
    this.json = new RecordJson(dictionary);
    this.unreadable = unreadable;
  }

  /** The record in the current row; empty when it is none. */
  Optional<Stored> read(ResultSet row) throws SQLException {
    String name = row.getString(3) + " of " + row.getString(2);
    try {
      return Optional.of(parse(row, name));
    } catch (RecordFormatException | MalformedException | IllegalArgumentException e) {
      tell("subscriber " + name + " cannot be read: " + e.getMessage());
    } catch (JsonProcessingException e) {
      tell("subscriber " + name + " cannot be read: not JSON: " + e.getOriginalMessage());
    }
    return Optional.empty();
  }

  private void tell(String problem) {
    if (told.size() < TELL_AT_MOST && told.add(problem)) {
      unreadable.accept(List.of(problem));
    }
  }

  private Stored parse(ResultSet row, String name)
      throws SQLException, RecordFormatException, MalformedException, JsonProcessingException {
    SubscriberRecord.Builder record =
        SubscriberRecord.builder(
                row.getString(2), row.getString(3), new Duid(octets(row, 5)), address(row, 6))
            .version(row.getLong(4));
    if (row.getBytes(7) != null) {
      record.peerAddress(address(row, 7));
    }
    if (row.getBytes(8) != null) {
      record.interfaceId(octets(row, 8));
    }
    if (row.getBytes(9) != null) {
      record.serverDuid(new Duid(octets(row, 9)));
    }
    boolean accepts = row.getInt(10) == 1;
    if (!row.wasNull()) {
      record.reconfigureAccept(accepts ? ReconfigureAccept.YES : ReconfigureAccept.NO);
    }
    if (row.getBytes(11) != null) {
      Octets body = octets(row, 11);
      record.remoteId(new RemoteIdOption(body.u32(0), body.from(4)));
    }
    if (row.getBytes(12) != null) {
      record.subscriberId(octets(row, 12));
    }
    record.session(
        json.session(
            MAPPER.readTree(row.getString(13)),
            "session",
            RecordJson.UnknownName.tell(
                attribute ->
                    tell(
                        "the session of "
                            + name
                            + " has \""
                            + attribute
                            + "\", which no dictionary has: it is left out"))));
    json.ias(MAPPER.readTree(row.getString(14)), "ias").forEach(record::ia);
    record.options(options(row, 15));
    return new Stored(row.getLong(1), record.build());
  }

  /** The options in two columns: those of the RSOO, and the body of OPTION_RADIUS. */
  static OptionList options(ResultSet row, int at) throws SQLException, MalformedException {
    OptionList options = OptionOctets.read(octets(row, at));
    byte[] radius = row.getBytes(at + 1);
    return radius == null
        ? options
        : options.plus(OptionOctets.typed(OptionCode.RADIUS, Octets.wrap(radius)));
  }

  private static Octets octets(ResultSet row, int column) throws SQLException {
    byte[] octets = row.getBytes(column);
    return octets == null ? Octets.EMPTY : Octets.wrap(octets);
  }

  private static Ipv6Address address(ResultSet row, int column) throws SQLException {
    return Ipv6Address.of(octets(row, column), 0);
  }

  /** Sets nas to ias in the order of the table's columns, from parameter {@code first} on. */
  void bind(PreparedStatement statement, int first, SubscriberRecord record) throws SQLException {
    int at = first;
    statement.setString(at++, record.nas());
    statement.setString(at++, record.id());
    statement.setBytes(at++, record.duid().octets().toArray());
    statement.setBytes(at++, record.linkAddress().toOctets().toArray());
    statement.setBytes(at++, bytes(record.peerAddress().map(Ipv6Address::toOctets)));
    statement.setBytes(at++, bytes(record.interfaceId()));
    statement.setBytes(at++, bytes(record.serverDuid().map(Duid::octets)));
    switch (record.reconfigureAccept()) {
      case YES -> statement.setInt(at++, 1);
      case NO -> statement.setInt(at++, 0);
      case UNKNOWN -> statement.setNull(at++, Types.INTEGER);
    }
    statement.setBytes(at++, bytes(record.remoteId().map(RemoteIdOption::encodeBody)));
    statement.setBytes(at++, bytes(record.subscriberId()));
    statement.setString(at++, text(out -> json.write(record.session(), out)));
    statement.setString(at, text(out -> json.write(record.ias(), out)));
  }

  /** Sets options and radius, from parameter {@code at} on. */
  static void bind(PreparedStatement statement, int at, OptionList options) throws SQLException {
    Optional<Option> radius = options.first(OptionCode.RADIUS);
    OptionList supplied = radius.isEmpty() ? options : options.without(OptionCode.RADIUS);
    statement.setBytes(at, supplied.encode().toArray());
    statement.setBytes(at + 1, bytes(radius.map(Option::encodeBody)));
  }

  private static byte[] bytes(Optional<Octets> octets) {
    return octets.map(Octets::toArray).orElse(null);
  }

  private static String text(Writing writing) {
    StringWriter text = new StringWriter(128);
    try (JsonGenerator out = MAPPER.createGenerator(text)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory does not fail", e);
    }
    return text.toString();
  }

  private interface Writing {
    void to(JsonGenerator out) throws IOException;
  }
}
