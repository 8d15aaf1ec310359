package io.coagateway.subscriber;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The statements of one session. Which connection they run on, and for how long, is the database's
 * matter: SQLite has one for good, PostgreSQL takes one from a pool for each piece of work.
 */
abstract class SqlStatements {
  /** A piece of work with statements from {@link #prepared}. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /**
   * Runs {@code work} on the connection of the transaction under way, or on one for this work
   * alone.
   *
   * @param what what we are doing, like "cannot read a record", for the message when it fails
   */
  abstract <T> T doing(String what, Work<T> work) throws TableUnavailableException;

  /** The statement, ready to be given its parameters; only within {@link #doing}. */
  abstract PreparedStatement prepared(String sql) throws SQLException;

  /** The same with these parameters, {@code Long} or {@code String}. */
  final PreparedStatement bound(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = prepared(sql);
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] instanceof Long number) {
        statement.setLong(i + 1, number);
      } else {
        statement.setString(i + 1, (String) parameters[i]);
      }
    }
    return statement;
  }

  /** Runs a statement with such parameters. */
  final int update(String sql, Object... parameters) throws SQLException {
    return bound(sql, parameters).executeUpdate();
  }

  /** The number in the first row's first column; 0 when there is none. Parameters as above. */
  final long number(String sql, Object... parameters) throws SQLException {
    try (ResultSet rows = bound(sql, parameters).executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
