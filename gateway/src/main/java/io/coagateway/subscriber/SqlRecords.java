package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.IdentificationValue;
import io.coagateway.wire.Octets;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads records: by name, page by page, by identification attributes. The same in any database. */
final class SqlRecords {
  /** How many rows of an answer are held at a time. */
  static final int PAGE = 500;

  private static final String SELECT = "SELECT " + SqlRow.COLUMNS + " FROM subscriber s";

  private final SqlStatements sql;
  private final SqlRow row;
  private final AttributeDictionary dictionary;

  SqlRecords(SqlStatements sql, SqlRow row, AttributeDictionary dictionary) {
    this.sql = sql;
    this.row = row;
    this.dictionary = dictionary;
  }

  Optional<Stored> read(RecordKey name) throws SQLException {
    try (ResultSet rows =
        sql.bound(SELECT + " WHERE s.nas = ? AND s.id = ?", name.nas(), name.id()).executeQuery()) {
      return rows.next() ? row.read(rows) : Optional.empty();
    }
  }

  /** The same for many, in one question that PostgreSQL knows. */
  Map<RecordKey, Stored> read(Array nases, Array ids) throws SQLException {
    PreparedStatement statement =
        sql.prepared(SELECT + " JOIN unnest(?, ?) AS named(nas, id) USING (nas, id)");
    statement.setArray(1, nases);
    statement.setArray(2, ids);
    Map<RecordKey, Stored> found = new HashMap<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        row.read(rows).ifPresent(stored -> found.put(RecordKey.of(stored.record()), stored));
      }
    }
    return found;
  }

  /** The record with that key of the store's own. */
  Optional<Stored> read(long key) throws SQLException {
    try (ResultSet rows = sql.bound(SELECT + " WHERE s.key = ?", key).executeQuery()) {
      return rows.next() ? row.read(rows) : Optional.empty();
    }
  }

  List<Stored> readById(String id) throws SQLException {
    List<Stored> found = new ArrayList<>();
    try (ResultSet rows = sql.bound(SELECT + " WHERE s.id = ?", id).executeQuery()) {
      while (rows.next()) {
        row.read(rows).ifPresent(found::add);
      }
    }
    return found;
  }

  RecordSession.Page readAfter(long key, int limit) throws SQLException {
    PreparedStatement statement =
        sql.bound(SELECT + " WHERE s.key > ? ORDER BY s.key LIMIT ?", key, (long) limit);
    List<Stored> page = new ArrayList<>(limit);
    int count = 0;
    long lastKey = key;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        count++;
        lastKey = rows.getLong(1);
        row.read(rows).ifPresent(page::add);
      }
    }
    return new RecordSession.Page(page, lastKey, count < limit);
  }

  List<SubscriberRecord> find(SessionQuery query, int limit) throws SQLException {
    String select = statement(query);
    return firstOf(
        limit,
        record -> hasAll(record, query.keys()),
        (after, rows) -> {
          PreparedStatement statement = sql.prepared(select);
          int at = 1;
          for (int i = 1; i <= query.keys().size(); i++) {
            SessionKey key = query.keys().get(i % query.keys().size()); // the first comes last
            Attribute attribute = new Attribute(key.attribute(), key.value());
            statement.setString(at++, fold(dictionary.valueText(attribute)));
            statement.setString(at++, dictionary.nameOf(key.attribute()));
          }
          if (!query.nas().isEmpty()) {
            statement.setString(at++, query.nas());
          }
          statement.setLong(at++, after);
          statement.setInt(at, rows);
          return statement;
        });
  }

  /** The records of a client; an empty NAS means any. */
  List<SubscriberRecord> findClient(String nas, Duid client, int limit) throws SQLException {
    String select =
        SELECT
            + " WHERE s.duid = ?"
            + (nas.isEmpty() ? "" : " AND s.nas = ?")
            + " AND s.key > ? ORDER BY s.key LIMIT ?";
    return firstOf(
        limit,
        record -> true,
        (after, rows) -> {
          PreparedStatement statement = sql.prepared(select);
          int at = 1;
          statement.setBytes(at++, client.octets().toArray());
          if (!nas.isEmpty()) {
            statement.setString(at++, nas);
          }
          statement.setLong(at++, after);
          statement.setInt(at, rows);
          return statement;
        });
  }

  /** Asks for some of the rows that match, in the order of their keys. */
  @FunctionalInterface
  private interface Rows {
    /**
     * The statement with its parameters.
     *
     * @param key the rows after it
     * @param limit at most so many
     */
    PreparedStatement after(long key, int limit) throws SQLException;
  }

  /**
   * The first {@code limit} records that are {@code wanted}, page by page: PostgreSQL's driver
   * reads all of an answer into memory before it gives the first row, and a key may have a whole
   * NAS.
   */
  private List<SubscriberRecord> firstOf(
      int limit, Predicate<SubscriberRecord> wanted, Rows matching) throws SQLException {
    int page = Math.min(limit, PAGE);
    List<SubscriberRecord> found = new ArrayList<>();
    long lastKey = Long.MIN_VALUE;
    int count = page;
    while (count == page && found.size() < limit) {
      count = 0;
      try (ResultSet rows = matching.after(lastKey, page).executeQuery()) {
        while (found.size() < limit && rows.next()) {
          count++;
          lastKey = rows.getLong(1);
          row.read(rows).map(Stored::record).filter(wanted).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** The page is cut where the keys are: there an index has the order. */
  private static String statement(SessionQuery query) {
    StringBuilder text = new StringBuilder(SELECT);
    text.append(" WHERE s.key IN (SELECT k0.subscriber FROM session_key k0");
    for (int i = 1; i < query.keys().size(); i++) {
      text.append(
          " JOIN session_key k%d ON k%d.subscriber = k0.subscriber AND k%d.value = ? AND k%d.attribute = ?"
              .replace("%d", Integer.toString(i)));
    }
    if (!query.nas().isEmpty()) {
      text.append(" JOIN subscriber_base b ON b.key = k0.subscriber");
    }
    text.append(" WHERE k0.value = ? AND k0.attribute = ?");
    if (!query.nas().isEmpty()) {
      text.append(" AND b.nas = ?");
    }
    text.append(" AND k0.subscriber > ? ORDER BY k0.subscriber LIMIT ?) ORDER BY s.key");
    return text.toString();
  }

  /** As the triggers of session_key fold: what differs only in spelling meets. */
  private static String fold(String value) {
    String bare = value.replace("-", "").replace(":", "").replace(".", "");
    StringBuilder folded = new StringBuilder(bare);
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      if (c >= 'A' && c <= 'Z') { // the databases' own lower() need not know more than ASCII
        folded.setCharAt(i, (char) (c + 'a' - 'A'));
      }
    }
    return folded.toString();
  }

  private static boolean hasAll(SubscriberRecord record, List<SessionKey> keys) {
    for (SessionKey key : keys) {
      boolean has = false;
      for (Octets value : record.session().values(key.attribute())) {
        has |= IdentificationValue.normalize(key.attribute(), value).equals(key.value());
      }
      if (!has) {
        return false;
      }
    }
    return true;
  }
}
