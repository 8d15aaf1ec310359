package io.coagateway.subscriber;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings a schema up to date, by Flyway: the scripts are resource files beside this class, one
 * directory for each kind of database, and the table {@code schema_history} says which have been
 * run. A schema that is current is seen without Flyway, which takes a third of a second to start.
 */
final class Migration {
  /** The schema that this program knows: the first number of the scripts' versions. */
  static final int SCHEMA_VERSION = 1;

  /** The version of a schema that has none of our tables. */
  static final String NOTHING = "0";

  /** The version of the SQLite schema as it was made before its history was kept. */
  static final String BEFORE_FLYWAY = "1.2";

  private static final String HISTORY = "schema_history";

  /** SQLSTATE; since PostgreSQL 15 what the owner of a database alone may do in "public". */
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private Migration() {}

  /** The statements in a resource file beside this class. */
  static String script(String name) {
    try (InputStream in = Migration.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is part of the jar", e);
    }
  }

  /** Whatever else is in the schema stays; several processes may start at once. */
  static void postgresql(DataSource source) throws SQLException, TableUnavailableException {
    int version = version(source);
    requireKnown("the schema", version);
    if (version < SCHEMA_VERSION) {
      run(source, "postgresql", NOTHING);
    }
  }

  /** The version of the newest script that has been run. */
  private static int version(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT to_regclass('" + HISTORY + "')")) {
        rows.next();
        if (rows.getString(1) == null) {
          return 0;
        }
      }
      // The last script of each version is the one with the views, x.2.
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT max(split_part(version, '.', 1)::int) FROM "
                  + HISTORY
                  + " WHERE success AND version LIKE '%.2'")) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    }
  }

  /** Refuses a schema that a newer program has made. */
  static void requireKnown(String name, int version) throws TableUnavailableException {
    if (version > SCHEMA_VERSION) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED,
          "%s has version %d, this program knows up to %d. Use a newer coa-gateway"
              .formatted(name, version, SCHEMA_VERSION));
    }
  }

  /**
   * Runs the scripts that have not been run.
   *
   * @param before what a schema without a history is taken to have
   */
  static void run(DataSource source, String directory, String before)
      throws TableUnavailableException {
    try {
      Flyway.configure(Migration.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:io/coagateway/subscriber/" + directory)
          .failOnMissingLocations(true)
          .table(HISTORY)
          .baselineOnMigrate(true)
          .baselineVersion(before)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED,
          "cannot bring the schema up to date: " + words(e));
    }
  }

  /** In one line; what the database said, where it is the database that refused. */
  private static String words(FlywayException e) {
    Throwable cause = e;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    String said =
        String.valueOf((cause == null ? e : cause).getMessage())
            .strip()
            .replaceAll("\\s*\\R\\s*", " ");
    return cause instanceof SQLException sql && INSUFFICIENT_PRIVILEGE.equals(sql.getSQLState())
        ? said
            + ". The database's user makes the tables at the first start and changes them when a new"
            + " version needs it: let the database belong to it (ALTER DATABASE ... OWNER TO ...), or"
            + " GRANT USAGE, CREATE ON SCHEMA to it; tables that are there must be its own"
        : said;
  }
}
