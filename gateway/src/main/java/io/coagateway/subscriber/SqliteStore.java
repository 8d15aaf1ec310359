package io.coagateway.subscriber;

import io.coagateway.radius.AttributeDictionary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * A SQLite database with our schema (gateway/SCHEMA.md).
 *
 * <p>Write-ahead log, so that readers and the one writer do not wait for each other; {@code
 * synchronous=NORMAL}: a committed write survives the death of the process, and after a power loss
 * the database is sound but may lack the last moments before it. No automatic checkpoints on our
 * own connections: the table's reader thread makes them, so that a write never waits for a sync of
 * the disk.
 */
final class SqliteStore implements TableStore {
  /** "CoAG", so that somebody else's database is not taken for ours. */
  private static final int APPLICATION_ID = 0x436f4147;

  private static final int PAGES_IN_LOG = 2; // column of wal_checkpoint's answer

  /**
   * What a connection is for: how many KiB of pages it keeps, and where what a statement needs for
   * its own time lies.
   */
  private enum Use {
    /**
     * Two connections of a gateway hold their pages for ever; one that is not among them is read
     * from the kernel's cache, some microseconds away. In memory is what undoes a statement that
     * fails half-way: a statement that writes many rows spills it into a new file otherwise, each
     * time.
     */
    SESSION(4096, "MEMORY"),

    /** Of a command that ends; it sorts a whole table when it makes an index. */
    REPLACEMENT(16_384, "FILE");

    private final int cache;
    private final String temporary;

    Use(int cache, String temporary) {
      this.cache = cache;
      this.temporary = temporary;
    }
  }

  private final SQLiteDataSource source;
  private final String name;
  private final Duration lockTimeout;
  private final AttributeDictionary dictionary;
  private final Consumer<List<String>> unreadable;
  private SqliteFile file; // set once the database is there

  private SqliteStore(
      SQLiteDataSource source,
      String name,
      Duration lockTimeout,
      AttributeDictionary dictionary,
      Consumer<List<String>> unreadable) {
    this.source = source;
    this.name = name;
    this.lockTimeout = lockTimeout;
    this.dictionary = dictionary;
    this.unreadable = unreadable;
  }

  /**
   * Opens the database and brings its schema up to date; a file that does not exist is made.
   *
   * @param unreadable told what stands in records that cannot be read
   */
  static SqliteStore open(
      TableParameters parameters, AttributeDictionary dictionary, Consumer<List<String>> unreadable)
      throws TableUnavailableException {
    String url = parameters.database();
    String path = url.substring(SubscriberTables.SQLITE.length());
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(parameters.lockTimeout().toMillis()));
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setGetGeneratedKeys(false); // the driver would ask for one after every statement
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(url);
    SqliteStore store =
        new SqliteStore(source, path, parameters.lockTimeout(), dictionary, unreadable);
    try {
      store.prepareSchema();
      store.file = new SqliteFile(Path.of(path.replaceFirst("\\?.*", ""))); // without settings
      return store;
    } catch (SQLException e) {
      throw unavailable("cannot open the database \"" + path + "\"", e);
    }
  }

  private void prepareSchema() throws SQLException, TableUnavailableException {
    int version = schemaVersion();
    if (version == Migration.SCHEMA_VERSION) {
      return;
    }
    try {
      Migration.run(source, "sqlite", version == 0 ? Migration.NOTHING : Migration.BEFORE_FLYWAY);
    } catch (TableUnavailableException e) {
      if (schemaVersion() != Migration.SCHEMA_VERSION) {
        throw e;
      } // otherwise another process made it at the same moment
    }
  }

  private int schemaVersion() throws SQLException, TableUnavailableException {
    Connection connection = connect(Use.SESSION);
    try (Statement statement = connection.createStatement()) {
      int version = pragma(statement, "user_version");
      if (pragma(statement, "application_id") != APPLICATION_ID) {
        if (!isEmpty(statement)) {
          throw new TableUnavailableException(
              TableUnavailableException.Reason.FAILED,
              "\"" + name + "\" is a database, but not of coa-gateway. Name another file");
        }
        statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
      }
      Migration.requireKnown("the schema of \"" + name + "\"", version);
      return version;
    } finally {
      disconnect(connection);
    }
  }

  private static boolean isEmpty(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
      return rows.getInt(1) == 0;
    }
  }

  private static int pragma(Statement statement, String name) throws SQLException {
    try (ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
      return rows.getInt(1);
    }
  }

  @Override
  public StoreSession session() throws TableUnavailableException {
    try {
      return new SqliteSession(this, connect());
    } catch (SQLException e) {
      throw unavailable("cannot open the database \"" + name + "\"", e);
    }
  }

  @Override
  public Replacement replacement() throws TableUnavailableException {
    try {
      return new SqliteReplacement(this, connect(Use.REPLACEMENT));
    } catch (SQLException e) {
      throw unavailable("cannot prepare another table in \"" + name + "\"", e);
    }
  }

  /** Another connection like that of a {@link #session}, to be given to {@link #disconnect}. */
  Connection connect() throws SQLException, TableUnavailableException {
    file.look(); // where there is none any more SQLite would make one
    file.requireInPlace();
    return connect(Use.SESSION);
  }

  private Connection connect(Use use) throws SQLException {
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("PRAGMA cache_size = -" + use.cache);
      statement.execute("PRAGMA temp_store = " + use.temporary);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** Ends a connection that {@link #connect} gave. */
  static void disconnect(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The process that holds it is about to forget it; SQLite recovers by its log.
    }
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public void claim() throws TableUnavailableException {
    file.claim();
  }

  /**
   * Moves what the log holds into the database file; waits for nobody who reads or writes
   * meanwhile.
   *
   * @param mode of {@code wal_checkpoint}
   * @return how many pages the log held
   */
  long checkpoint(Connection connection, String mode) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      try (ResultSet rows = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
        return rows.next() ? rows.getLong(PAGES_IN_LOG) : 0;
      } finally {
        statement.execute("PRAGMA busy_timeout = " + lockTimeout.toMillis());
      }
    }
  }

  AttributeDictionary dictionary() {
    return dictionary;
  }

  Consumer<List<String>> unreadable() {
    return unreadable;
  }

  /** The database as the file system has it. */
  SqliteFile file() {
    return file;
  }

  @Override
  public void close() {
    file.close(); // each session closes its own connection
  }

  /** What went wrong, for the caller and the log. */
  static TableUnavailableException unavailable(String doing, SQLException e) {
    SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
    TableUnavailableException.Reason reason =
        switch (code) {
          case SQLITE_BUSY, SQLITE_LOCKED -> TableUnavailableException.Reason.LOCKED;
          case SQLITE_FULL -> TableUnavailableException.Reason.FULL;
          case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH ->
              TableUnavailableException.Reason.REFUSED;
          default -> TableUnavailableException.Reason.FAILED;
        };
    return new TableUnavailableException(reason, doing + ": " + words(e));
  }

  /** The driver says of its native library, which it unpacks first of all, "Error opening". */
  private static String words(SQLException e) {
    if (!(e.getCause() instanceof NativeLibraryNotFoundException)) {
      return e.getMessage();
    }
    String directory =
        System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
    return "SQLite's native library cannot be loaded from "
        + directory
        + ", where it is unpacked. That must be writable and not mounted noexec: give Java another"
        + " directory by -Djava.io.tmpdir=DIRECTORY, which coa-gateway takes from JAVA_OPTIONS";
  }
}
