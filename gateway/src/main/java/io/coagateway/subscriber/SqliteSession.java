package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.IdentificationValue;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One connection to SQLite, every statement prepared once. For one thread at a time. */
final class SqliteSession implements StoreSession {
  private static final long UNKNOWN = -1;

  private static final String SELECT = "SELECT " + SqliteRow.COLUMNS + " FROM subscriber s";

  private final SqliteStore store;
  private final Connection connection;
  private final ReentrantLock turn;
  private final SqliteRow row;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private long lastNumber = UNKNOWN; // within a transaction
  private boolean numbersTaken;

  SqliteSession(SqliteStore store, Connection connection) {
    this.store = store;
    this.connection = connection;
    this.turn = store.turn();
    this.row = new SqliteRow(store.dictionary(), store.unreadable());
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws SQLException;
  }

  /** Runs {@code work} when it is our turn; says what we were doing when it fails. */
  private <T> T doing(String what, Work<T> work) throws TableUnavailableException {
    turn.lock();
    try {
      return work.run();
    } catch (SQLException e) {
      throw SqliteStore.unavailable(what, e);
    } finally {
      turn.unlock();
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      statements.put(sql, known);
    }
    return known;
  }

  private int update(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = prepared(sql);
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] instanceof Long number) {
        statement.setLong(i + 1, number);
      } else {
        statement.setString(i + 1, (String) parameters[i]);
      }
    }
    return statement.executeUpdate();
  }

  private long number(String sql, long... parameters) throws SQLException {
    PreparedStatement statement = prepared(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setLong(i + 1, parameters[i]);
    }
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  @Override
  public void begin() throws TableUnavailableException {
    turn.lock(); // until commit or rollBack
    try {
      prepared("BEGIN IMMEDIATE").execute();
      lastNumber = UNKNOWN;
      numbersTaken = false;
    } catch (SQLException e) {
      turn.unlock();
      throw SqliteStore.unavailable("cannot start to write", e);
    }
  }

  @Override
  public void commit() throws TableUnavailableException {
    try {
      if (numbersTaken) {
        update("UPDATE sequence SET last = ?", lastNumber);
      }
      prepared("COMMIT").execute();
    } catch (SQLException e) {
      throw SqliteStore.unavailable("cannot commit", e);
    }
    turn.unlock();
  }

  @Override
  public void rollBack() {
    try {
      prepared("ROLLBACK").execute();
    } catch (SQLException e) {
      // SQLite has rolled back by itself when the disk is full or an I/O error came.
    } finally {
      if (turn.isHeldByCurrentThread()) {
        turn.unlock();
      }
    }
  }

  @Override
  public long nextNumber() throws TableUnavailableException {
    return doing(
        "cannot number a write",
        () -> {
          if (lastNumber == UNKNOWN) {
            lastNumber = number("SELECT last FROM sequence");
          }
          numbersTaken = true;
          return ++lastNumber;
        });
  }

  @Override
  public long newestChange() throws TableUnavailableException {
    return doing("cannot read the change log", () -> number("SELECT max(number) FROM change"));
  }

  @Override
  public long oldestChange() throws TableUnavailableException {
    return doing("cannot read the change log", () -> number("SELECT min(number) FROM change"));
  }

  @Override
  public List<Change> changesAfter(long number, int limit) throws TableUnavailableException {
    return doing(
        "cannot read the change log",
        () -> {
          PreparedStatement statement =
              prepared(
                  "SELECT number, nas, id, version FROM change WHERE number > ? ORDER BY number"
                      + " LIMIT ?");
          statement.setLong(1, number);
          statement.setInt(2, limit);
          List<Change> changes = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              String nas = rows.getString(2);
              String id = rows.getString(3);
              Optional<RecordKey> name =
                  nas == null || id == null
                      ? Optional.empty()
                      : Optional.of(new RecordKey(nas, id));
              changes.add(new Change(rows.getLong(1), name, rows.getLong(4)));
            }
          }
          return changes;
        });
  }

  @Override
  public Optional<Stored> read(RecordKey name) throws TableUnavailableException {
    return doing(
        "cannot read a record",
        () -> {
          PreparedStatement statement = prepared(SELECT + " WHERE s.nas = ? AND s.id = ?");
          statement.setString(1, name.nas());
          statement.setString(2, name.id());
          try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? row.read(rows) : Optional.empty();
          }
        });
  }

  @Override
  public List<Stored> readById(String id) throws TableUnavailableException {
    return doing(
        "cannot read a record",
        () -> {
          PreparedStatement statement = prepared(SELECT + " WHERE s.id = ?");
          statement.setString(1, id);
          List<Stored> found = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              row.read(rows).ifPresent(found::add);
            }
          }
          return found;
        });
  }

  @Override
  public Page readAfter(long key, int limit) throws TableUnavailableException {
    return doing(
        "cannot read the table",
        () -> {
          PreparedStatement statement =
              prepared(SELECT + " WHERE s.key > ? ORDER BY s.key LIMIT ?");
          statement.setLong(1, key);
          statement.setInt(2, limit);
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
          return new Page(page, lastKey, count < limit);
        });
  }

  @Override
  public List<SubscriberRecord> find(SessionQuery query, int limit)
      throws TableUnavailableException {
    return doing("cannot look up a session", () -> findByKeys(query, limit));
  }

  private List<SubscriberRecord> findByKeys(SessionQuery query, int limit) throws SQLException {
    AttributeDictionary dictionary = store.dictionary();
    StringBuilder sql = new StringBuilder(SELECT);
    sql.append(
        " WHERE (?1 = '' OR s.nas = ?1) AND s.key IN (SELECT k0.subscriber FROM session_key k0");
    for (int i = 1; i < query.keys().size(); i++) {
      sql.append(
          " JOIN session_key k%d ON k%d.subscriber = k0.subscriber AND k%d.value = ? AND k%d.attribute = ?"
              .replace("%d", Integer.toString(i)));
    }
    sql.append(" WHERE k0.value = ? AND k0.attribute = ?)");
    PreparedStatement statement = prepared(sql.toString());
    statement.setString(1, query.nas());
    int at = 2;
    for (int i = 1; i <= query.keys().size(); i++) {
      SessionKey key = query.keys().get(i % query.keys().size()); // the first comes last
      Attribute attribute = new Attribute(key.attribute(), key.value());
      statement.setString(at++, fold(dictionary.valueText(attribute)));
      statement.setString(at++, dictionary.nameOf(key.attribute()));
    }
    List<SubscriberRecord> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (found.size() < limit && rows.next()) {
        row.read(rows)
            .map(Stored::record)
            .filter(record -> hasAll(record, query.keys()))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  @Override
  public List<SubscriberRecord> findClient(String nas, Duid client, int limit)
      throws TableUnavailableException {
    return doing(
        "cannot look up a client",
        () -> {
          PreparedStatement statement =
              prepared(SELECT + " WHERE (?1 = '' OR s.nas = ?1) AND s.duid = ?2");
          statement.setString(1, nas);
          statement.setBytes(2, client.octets().toArray());
          List<SubscriberRecord> found = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (found.size() < limit && rows.next()) {
              row.read(rows).map(Stored::record).ifPresent(found::add);
            }
          }
          return found;
        });
  }

  /** As the triggers of session_key fold: what differs only in spelling meets. */
  private static String fold(String value) {
    String bare = value.replace("-", "").replace(":", "").replace(".", "");
    StringBuilder folded = new StringBuilder(bare);
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      if (c >= 'A' && c <= 'Z') { // SQLite's lower() knows ASCII alone
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

  @Override
  public Stored put(SubscriberRecord record) throws TableUnavailableException {
    long version = nextNumber();
    return doing(
        "cannot write a record",
        () -> {
          PreparedStatement base =
              prepared(
                  "INSERT INTO subscriber_base (nas, id, duid, link_address, peer_address,"
                      + " interface_id, server_duid, reconfigure_accept, remote_id, subscriber_id,"
                      + " session, ias) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                      + " ON CONFLICT (id, nas) DO UPDATE SET duid = excluded.duid,"
                      + " link_address = excluded.link_address,"
                      + " peer_address = excluded.peer_address,"
                      + " interface_id = excluded.interface_id,"
                      + " server_duid = excluded.server_duid,"
                      + " reconfigure_accept = excluded.reconfigure_accept,"
                      + " remote_id = excluded.remote_id,"
                      + " subscriber_id = excluded.subscriber_id, session = excluded.session,"
                      + " ias = excluded.ias RETURNING key");
          row.bind(base, 1, record);
          long key;
          try (ResultSet rows = base.executeQuery()) {
            rows.next();
            key = rows.getLong(1);
          }
          update("DELETE FROM pending WHERE state = 1 AND subscriber = ?", key);
          PreparedStatement supplied =
              prepared(
                  "INSERT OR REPLACE INTO supplied (subscriber, version, options, radius)"
                      + " VALUES (?, ?, ?, ?)");
          supplied.setLong(1, key);
          supplied.setLong(2, version);
          SqliteRow.bind(supplied, 3, record.options());
          supplied.executeUpdate();
          log(RecordKey.of(record), version);
          return new Stored(key, record.toBuilder().version(version).build());
        });
  }

  @Override
  public long putOptions(Stored record, OptionList options) throws TableUnavailableException {
    long version = nextNumber();
    return doing(
        "cannot write options",
        () -> {
          PreparedStatement supplied =
              prepared(
                  "UPDATE supplied SET options = ?, radius = ?, version = ? WHERE subscriber = ?");
          SqliteRow.bind(supplied, 1, options);
          supplied.setLong(3, version);
          supplied.setLong(4, record.key());
          supplied.executeUpdate();
          update("DELETE FROM pending WHERE state = 1 AND subscriber = ?", record.key());
          log(RecordKey.of(record.record()), version);
          return version;
        });
  }

  @Override
  public long remove(Stored record) throws TableUnavailableException {
    long version = nextNumber();
    return doing(
        "cannot remove a record",
        () -> {
          update("DELETE FROM subscriber_base WHERE key = ?", record.key());
          log(RecordKey.of(record.record()), version);
          return version;
        });
  }

  @Override
  public void logChange(RecordKey name, long version) throws TableUnavailableException {
    doing(
        "cannot write the change log",
        () -> {
          log(name, version);
          return version;
        });
  }

  private void log(RecordKey name, long version) throws SQLException {
    update(
        "INSERT INTO change (nas, id, version) VALUES (?, ?, ?)", name.nas(), name.id(), version);
  }

  @Override
  public void insertPending(long mark, long key, OptionList options)
      throws TableUnavailableException {
    doing(
        "cannot write a pending mark",
        () -> {
          PreparedStatement statement =
              prepared(
                  "INSERT INTO pending (mark, subscriber, state, options, radius)"
                      + " VALUES (?, ?, 0, ?, ?)");
          statement.setLong(1, mark);
          statement.setLong(2, key);
          SqliteRow.bind(statement, 3, options);
          return statement.executeUpdate();
        });
  }

  @Override
  public int acknowledge(long first, long last) throws TableUnavailableException {
    return doing(
        "cannot acknowledge a change",
        () ->
            update(
                "UPDATE pending SET state = 1 WHERE mark BETWEEN ? AND ? AND state = 0",
                first,
                last));
  }

  @Override
  public boolean isPending(long mark) throws TableUnavailableException {
    return doing(
        "cannot read a mark",
        () -> number("SELECT 1 FROM pending WHERE mark = ? AND state <> 1", mark) == 1);
  }

  @Override
  public boolean deletePending(long mark) throws TableUnavailableException {
    return doing(
        "cannot take a mark away",
        () -> update("DELETE FROM pending WHERE mark = ? AND state <> 1", mark) == 1);
  }

  @Override
  public void recoverPending() throws TableUnavailableException {
    Merged merged = merge(0, Integer.MAX_VALUE);
    while (merged.lastKey() != 0) {
      merged = merge(merged.lastKey(), Integer.MAX_VALUE);
    }
    for (Mark mark : marks("SELECT mark FROM pending WHERE state = 0 ORDER BY mark")) {
      long version = putOptions(mark.base(), mark.next());
      doing(
          "cannot keep a mark",
          () -> {
            update(
                "DELETE FROM pending WHERE subscriber = ? AND mark < ?",
                mark.base().key(),
                mark.number());
            update("UPDATE pending SET state = 2 WHERE mark = ?", mark.number());
            return version;
          });
    }
  }

  @Override
  public List<Mark> recovered() throws TableUnavailableException {
    return marks("SELECT mark FROM pending WHERE state = 2 ORDER BY mark");
  }

  private List<Mark> marks(String sql) throws TableUnavailableException {
    return doing(
        "cannot read pending marks",
        () -> {
          Map<Long, Long> keys = new LinkedHashMap<>();
          Map<Long, OptionList> options = new HashMap<>();
          PreparedStatement statement =
              prepared(sql.replace("SELECT mark", "SELECT mark, subscriber, options, radius"));
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              keys.put(rows.getLong(1), rows.getLong(2));
              options.put(rows.getLong(1), SqliteRow.options(rows, 3));
            }
          } catch (MalformedException e) {
            throw new SQLException("the options of a mark: " + e.getMessage(), e);
          }
          List<Mark> marks = new ArrayList<>(keys.size());
          PreparedStatement base = prepared(SELECT + " WHERE s.key = ?");
          for (Map.Entry<Long, Long> one : keys.entrySet()) {
            base.setLong(1, one.getValue());
            try (ResultSet rows = base.executeQuery()) {
              Optional<Stored> stored = rows.next() ? row.read(rows) : Optional.empty();
              stored.ifPresent(
                  record -> marks.add(new Mark(one.getKey(), record, options.get(one.getKey()))));
            }
          }
          return marks;
        });
  }

  @Override
  public int acknowledged() throws TableUnavailableException {
    return doing(
        "cannot count marks",
        () -> Math.toIntExact(number("SELECT count(*) FROM pending WHERE state = 1")));
  }

  @Override
  public Merged merge(long afterKey, int limit) throws TableUnavailableException {
    return doing(
        "cannot move acknowledged options into their records",
        () -> {
          long end =
              number(
                  "SELECT subscriber FROM pending WHERE subscriber > ? ORDER BY subscriber"
                      + " LIMIT 1 OFFSET ?",
                  afterKey,
                  limit - 1L);
          long last = end == 0 ? Long.MAX_VALUE : end;
          update(
              "UPDATE supplied SET (version, options, radius) ="
                  + " (SELECT max(p.mark, supplied.version), p.options, p.radius FROM pending p"
                  + " WHERE p.subscriber = supplied.subscriber AND p.state = 1"
                  + " ORDER BY p.mark DESC LIMIT 1)"
                  + " WHERE subscriber IN (SELECT subscriber FROM pending"
                  + " WHERE subscriber > ? AND subscriber <= ? AND state = 1)",
              afterKey,
              last);
          int marks =
              update(
                  "DELETE FROM pending WHERE subscriber > ? AND subscriber <= ? AND state = 1",
                  afterKey,
                  last);
          return new Merged(marks, end);
        });
  }

  @Override
  public void checkpoint() throws TableUnavailableException {
    checkpoint("PASSIVE");
  }

  @Override
  public void truncateLog() throws TableUnavailableException {
    checkpoint("TRUNCATE");
  }

  private void checkpoint(String mode) throws TableUnavailableException {
    if (!store.isInMemory()) {
      doing(
          "cannot write the log back into the database",
          () -> {
            try (ResultSet rows =
                prepared("PRAGMA wal_checkpoint(" + mode.toUpperCase(Locale.ROOT) + ")")
                    .executeQuery()) {
              return rows.next();
            }
          });
    }
  }

  @Override
  public long logSize() {
    return store.logSize();
  }

  @Override
  public void close() {
    for (PreparedStatement statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        // closing the connection closes it too
      }
    }
    store.disconnect(connection);
  }
}
