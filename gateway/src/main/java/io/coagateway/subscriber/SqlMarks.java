package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.wire.MalformedException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the marks of the table {@code pending}. The same in any database. */
final class SqlMarks {
  private final SqlStatements sql;
  private final SqlRecords records;

  SqlMarks(SqlStatements sql, SqlRecords records) {
    this.sql = sql;
    this.records = records;
  }

  private record Row(long mark, long subscriber, OptionList options) {}

  /**
   * The marks with {@code condition}, oldest first; those of records that cannot be read not.
   *
   * @param condition on the row p, with {@code parameters} as {@link SqlStatements#bound} takes
   *     them
   */
  List<StoreSession.Mark> where(String condition, Object... parameters) throws SQLException {
    List<Row> found = new ArrayList<>();
    PreparedStatement statement =
        sql.bound(
            "SELECT p.mark, p.subscriber, p.options, p.radius FROM pending p WHERE "
                + condition
                + " ORDER BY p.mark",
            parameters);
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(new Row(rows.getLong(1), rows.getLong(2), SqlRow.options(rows, 3)));
      }
    } catch (MalformedException e) {
      throw new SQLException("the options of a mark: " + e.getMessage(), e);
    }
    List<StoreSession.Mark> marks = new ArrayList<>(found.size());
    for (Row one : found) {
      Optional<Stored> base = records.read(one.subscriber());
      base.ifPresent(stored -> marks.add(new StoreSession.Mark(one.mark(), stored, one.options())));
    }
    return marks;
  }

  /** The numbers of the marks with {@code condition}, as above, whatever their records. */
  List<Long> numbers(String condition, Object... parameters) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rows =
        sql.bound("SELECT p.mark FROM pending p WHERE " + condition, parameters).executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  /** The record of a mark that is there and not yet acknowledged; empty when it is not. */
  Optional<Stored> pendingFor(long mark) throws SQLException {
    return records.read(
        sql.number("SELECT subscriber FROM pending WHERE mark = ? AND state <> 1", mark));
  }

  /** Takes a mark away; whether it was there and not acknowledged. */
  boolean delete(long mark) throws SQLException {
    return sql.update("DELETE FROM pending WHERE mark = ? AND state <> 1", mark) == 1;
  }

  /** Takes a mark away that is under way; whether it was. */
  boolean takeBack(long mark) throws SQLException {
    return sql.update("DELETE FROM pending WHERE mark = ? AND state = 0", mark) == 1;
  }

  /** What was pending is in its record now and waits to be repeated; older marks are settled. */
  void keepForRepetition(StoreSession.Mark mark) throws SQLException {
    sql.update(
        "DELETE FROM pending WHERE subscriber = ? AND mark < ?", mark.base().key(), mark.number());
    sql.update("UPDATE pending SET state = 2 WHERE mark = ?", mark.number());
  }
}
