package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.radius.AttributeDictionary;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * What the sessions of all databases have in common: they read and write the tables of
 * gateway/SCHEMA.md. What differs is how a transaction starts and ends, where the numbers come
 * from, and what an acknowledgement costs.
 */
abstract class SqlSession implements StoreSession {
  private static final String PUT_BASE =
      "INSERT INTO subscriber_base (%s) VALUES (%s) ON CONFLICT (id, nas) DO UPDATE SET %s RETURNING key"
          .formatted(SqlRow.BOUND_COLUMNS, SqlRow.BOUND_VALUES, SqlRow.BOUND_ANEW);

  final SqlStatements sql;
  final SqlRecords records;
  final SqlMarks marks;
  final SqlRow row;

  SqlSession(SqlStatements sql, AttributeDictionary dictionary, Consumer<List<String>> unreadable) {
    this.sql = sql;
    this.row = new SqlRow(dictionary, unreadable);
    this.records = new SqlRecords(sql, row, dictionary);
    this.marks = new SqlMarks(sql, records);
  }

  // --- reading ---

  @Override
  public Change newestChange() throws TableUnavailableException {
    return sql.doing(
        "cannot read the change log",
        () -> {
          PreparedStatement statement =
              sql.prepared(
                  "SELECT number, nas, id, version FROM change ORDER BY number DESC LIMIT 1");
          List<Change> newest = changes(statement);
          return newest.isEmpty() ? Change.NONE : newest.get(0);
        });
  }

  @Override
  public long oldestChange() throws TableUnavailableException {
    return sql.doing(
        "cannot read the change log", () -> sql.number("SELECT min(number) FROM change"));
  }

  @Override
  public List<Change> changesAfter(long number, int limit) throws TableUnavailableException {
    return sql.doing(
        "cannot read the change log",
        () -> {
          PreparedStatement statement =
              sql.bound(
                  "SELECT number, nas, id, version FROM change WHERE number > ? ORDER BY number"
                      + " LIMIT ?",
                  number,
                  (long) limit);
          return changes(statement);
        });
  }

  private static List<Change> changes(PreparedStatement statement) throws SQLException {
    List<Change> changes = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        String nas = rows.getString(2);
        String id = rows.getString(3);
        Optional<RecordKey> name =
            nas == null || id == null ? Optional.empty() : Optional.of(new RecordKey(nas, id));
        changes.add(new Change(rows.getLong(1), name, rows.getLong(4)));
      }
    }
    return changes;
  }

  @Override
  public Optional<Stored> read(RecordKey name) throws TableUnavailableException {
    return sql.doing("cannot read a record", () -> records.read(name));
  }

  @Override
  public List<Stored> readById(String id) throws TableUnavailableException {
    return sql.doing("cannot read a record", () -> records.readById(id));
  }

  @Override
  public Optional<OptionList> underWay(Stored record) throws TableUnavailableException {
    List<Mark> found =
        sql.doing(
            "cannot read pending marks",
            () -> marks.where("p.state = 0 AND p.subscriber = " + record.key()));
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1).next());
  }

  @Override
  public Page readAfter(long key, int limit) throws TableUnavailableException {
    return sql.doing("cannot read the table", () -> records.readAfter(key, limit));
  }

  @Override
  public List<SubscriberRecord> find(SessionQuery query, int limit)
      throws TableUnavailableException {
    return sql.doing("cannot look up a session", () -> records.find(query, limit));
  }

  @Override
  public List<SubscriberRecord> findClient(String nas, Duid client, int limit)
      throws TableUnavailableException {
    return sql.doing("cannot look up a client", () -> records.findClient(nas, client, limit));
  }

  @Override
  public Map<RecordKey, Stored> readAll(Collection<RecordKey> names)
      throws TableUnavailableException {
    Map<RecordKey, Stored> found = new HashMap<>();
    for (RecordKey name : names) {
      read(name).ifPresent(stored -> found.put(name, stored));
    }
    return found;
  }

  // --- writing ---

  @Override
  public void putAll(List<SubscriberRecord> all) throws TableUnavailableException {
    for (SubscriberRecord record : all) {
      put(record);
    }
  }

  /** Adds a row to the change log. */
  abstract void log(RecordKey name, long version) throws SQLException;

  @Override
  public Stored put(SubscriberRecord record) throws TableUnavailableException {
    long version = nextNumber();
    return sql.doing(
        "cannot write a record",
        () -> {
          long key = putBase(record);
          settle(key);
          PreparedStatement supplied =
              sql.prepared(
                  "INSERT INTO supplied (subscriber, version, options, radius)"
                      + " VALUES (?, ?, ?, ?) ON CONFLICT (subscriber) DO UPDATE SET"
                      + " version = excluded.version, options = excluded.options,"
                      + " radius = excluded.radius");
          supplied.setLong(1, key);
          supplied.setLong(2, version);
          SqlRow.bind(supplied, 3, record.options());
          supplied.executeUpdate();
          log(RecordKey.of(record), version);
          return new Stored(key, record.toBuilder().version(version).build());
        });
  }

  private long putBase(SubscriberRecord record) throws SQLException {
    PreparedStatement base = sql.prepared(PUT_BASE);
    row.bind(base, 1, record);
    try (ResultSet rows = base.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The record gets options of its own: acknowledged marks that were not moved yet are void. */
  private void settle(long key) throws SQLException {
    sql.update("DELETE FROM pending WHERE state = 1 AND subscriber = ?", key);
  }

  @Override
  public long putOptions(Stored record, OptionList options) throws TableUnavailableException {
    long version = nextNumber();
    return sql.doing(
        "cannot write options",
        () -> {
          PreparedStatement supplied =
              sql.prepared(
                  "UPDATE supplied SET options = ?, radius = ?, version = ? WHERE subscriber = ?");
          SqlRow.bind(supplied, 1, options);
          supplied.setLong(3, version);
          supplied.setLong(4, record.key());
          supplied.executeUpdate();
          settle(record.key());
          log(RecordKey.of(record.record()), version);
          return version;
        });
  }

  @Override
  public long remove(Stored record) throws TableUnavailableException {
    long version = nextNumber();
    return sql.doing(
        "cannot remove a record",
        () -> {
          sql.update("DELETE FROM subscriber_base WHERE key = ?", record.key());
          log(RecordKey.of(record.record()), version);
          return version;
        });
  }

  @Override
  public void logChange(RecordKey name, long version) throws TableUnavailableException {
    sql.doing(
        "cannot write the change log",
        () -> {
          log(name, version);
          return version;
        });
  }

  @Override
  public Optional<Stored> pendingFor(long mark) throws TableUnavailableException {
    return sql.doing("cannot read a mark", () -> marks.pendingFor(mark));
  }

  @Override
  public boolean deletePending(long mark) throws TableUnavailableException {
    return sql.doing("cannot take a mark away", () -> marks.delete(mark));
  }

  @Override
  public boolean takeBack(long mark) throws TableUnavailableException {
    return sql.doing("cannot take a mark away", () -> marks.takeBack(mark));
  }

  // --- what a process has left ---

  /** Ends a mark. */
  @FunctionalInterface
  interface End {
    void of(long mark) throws TableUnavailableException;
  }

  /**
   * Ends the marks of records that cannot be read: nobody can repeat their exchange.
   *
   * @param condition of marks, with {@code owners}
   * @param others that are not meant
   */
  final void settleUnreadable(String condition, Object[] owners, LongPredicate others, End end)
      throws TableUnavailableException {
    List<Long> rest =
        sql.doing("cannot read pending marks", () -> marks.numbers(condition, owners));
    for (long mark : rest) {
      if (!others.test(mark)) {
        end.of(mark);
      }
    }
  }

  /**
   * The marks that wait to be repeated, oldest first, each with the options that its record has
   * now: whoever wrote it since is not to be undone at the server. Marks of records that cannot be
   * read go, for their options are in the record already.
   *
   * @param condition of marks, with {@code parameters}
   */
  final List<Mark> toRepeat(String condition, Object... parameters)
      throws TableUnavailableException {
    String waiting = "p.state = 2 AND " + condition;
    List<Mark> found =
        sql.doing("cannot read pending marks", () -> marks.where(waiting, parameters));
    Set<Long> readable = found.stream().map(Mark::number).collect(Collectors.toSet());
    settleUnreadable(waiting, parameters, readable::contains, this::deletePending);
    return found.stream()
        .map(mark -> new Mark(mark.number(), mark.base(), mark.base().record().options()))
        .toList();
  }
}
