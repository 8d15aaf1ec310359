package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The new marks of a transaction until the database is told of them, many in one statement: a
 * statement of its own for each costs twice as much as its row.
 */
final class WaitingMarks {
  private static final int MANY = 32;
  private static final int SOME = 8;
  private static final String INSERT_MANY = insert(MANY);
  private static final String INSERT_SOME = insert(SOME);
  private static final String INSERT_ONE = insert(1);
  private static final int COLUMNS = 4; // that are given

  private record Row(long mark, long key, OptionList options) {}

  private final List<Row> rows = new ArrayList<>();

  private static String insert(int rows) {
    return "INSERT INTO pending (mark, subscriber, state, options, radius) VALUES (?, ?, 0, ?, ?)"
        + ", (?, ?, 0, ?, ?)".repeat(rows - 1);
  }

  /** A mark: {@code options} are in force for the record of that key. */
  void add(long mark, long key, OptionList options) {
    rows.add(new Row(mark, key, options));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The transaction has ended without them. */
  void clear() {
    rows.clear();
  }

  /** Writes them, in their order. */
  void write(SqlStatements sql) throws SQLException {
    for (int written = 0; written < rows.size(); ) {
      int left = rows.size() - written;
      int count = left >= MANY ? MANY : left >= SOME ? SOME : 1;
      PreparedStatement insert =
          sql.prepared(count == MANY ? INSERT_MANY : count == SOME ? INSERT_SOME : INSERT_ONE);
      for (int i = 0; i < count; i++) {
        Row row = rows.get(written + i);
        int at = COLUMNS * i;
        insert.setLong(at + 1, row.mark());
        insert.setLong(at + 2, row.key());
        SqlRow.bind(insert, at + 3, row.options());
      }
      insert.executeUpdate();
      written += count;
    }
    rows.clear();
  }
}
