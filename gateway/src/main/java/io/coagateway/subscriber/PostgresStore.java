package io.coagateway.subscriber;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.coagateway.radius.AttributeDictionary;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.Driver;

/**
 * A PostgreSQL database with our schema (gateway/SCHEMA.md), which several gateways and relays may
 * share.
 *
 * <p>Connections come from a pool, one for each transaction or question, and go back: when the
 * server goes away and comes back, the next piece of work finds a new one. Nobody keeps a
 * connection while waiting for anything but the database.
 */
final class PostgresStore implements TableStore {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  /** SQLSTATE of who has waited for a lock for as long as he may. */
  static final String LOCK_NOT_AVAILABLE = "55P03";

  /** SQLSTATE of who waited for somebody who waited for him, and was chosen to be undone. */
  static final String DEADLOCK = "40P01";

  private static final String SERIALIZATION_FAILURE = "40001";

  /** Classes of SQLSTATE: data exception, integrity constraint violation, limit exceeded. */
  private static final List<String> REFUSALS = List.of("22", "23", "54");

  /**
   * Class and SQLSTATEs: connection exception, administrator's shutdown, crash of another session,
   * read-only transaction.
   */
  private static final List<String> LOST = List.of("08", "57P01", "57P02", "25006");

  /** Kept, since the JVM knows one that it was told of only weakly. */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    // It would repeat on stderr a URL that it cannot read, with what may be a password in it. What
    // else it has to say is in its exceptions.
    DRIVER.setLevel(Level.OFF);
  }

  private final HikariDataSource pool;
  private final ServerAccess access;
  private final AttributeDictionary dictionary;
  private final Consumer<List<String>> unreadable;

  private PostgresStore(
      HikariDataSource pool,
      ServerAccess access,
      AttributeDictionary dictionary,
      Consumer<List<String>> unreadable) {
    this.pool = pool;
    this.access = access;
    this.dictionary = dictionary;
    this.unreadable = unreadable;
  }

  /**
   * Reaches the server and brings the schema up to date.
   *
   * @param unreadable told what stands in records that cannot be read
   */
  static PostgresStore open(
      TableParameters parameters, AttributeDictionary dictionary, Consumer<List<String>> unreadable)
      throws TableUnavailableException {
    ServerAccess access = parameters.access();
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(configuration(parameters));
    } catch (HikariPool.PoolInitializationException | IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED, "cannot open the database: " + words(cause));
    }
    PostgresStore store = new PostgresStore(pool, access, dictionary, unreadable);
    try {
      Migration.postgresql(pool);
      return store;
    } catch (SQLException e) {
      store.close();
      throw unavailable("cannot prepare the schema", e);
    } catch (TableUnavailableException e) {
      store.close();
      throw e;
    }
  }

  /** Whether the driver can make something of the URL; no more than that. */
  static boolean canRead(String url) {
    return Driver.parseURL(url, null) != null;
  }

  private static HikariConfig configuration(TableParameters parameters) {
    ServerAccess access = parameters.access();
    HikariConfig config = new HikariConfig();
    config.setPoolName("subscribers");
    config.setJdbcUrl(parameters.database());
    access.user().ifPresent(config::setUsername);
    access.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(access.connections());
    config.setMinimumIdle(Math.min(2, access.connections()));
    config.setConnectionTimeout(access.connectTimeout().toMillis());
    config.setInitializationFailTimeout(access.connectTimeout().toMillis());
    config.setValidationTimeout(ServerAccess.LEAST_CONNECT_TIMEOUT.toMillis());
    config.setKeepaliveTime(KEEP_ALIVE.toMillis());
    // Whatever the role's default is: who has waited for his turn must see what came before it.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    // Not as parameters of the connection: PgBouncer knows no "options" there.
    config.setConnectionInitSql(
        "SET lock_timeout = %d; SET statement_timeout = %d"
            .formatted(parameters.lockTimeout().toMillis(), access.statementTimeout().toMillis()));
    Properties driver = new Properties();
    driver.setProperty("ApplicationName", "coa-gateway " + access.gateway());
    driver.setProperty("tcpKeepAlive", "true");
    driver.setProperty("connectTimeout", seconds(access.connectTimeout()));
    // A server that is silent for longer than it may work on a statement is gone.
    driver.setProperty("socketTimeout", seconds(access.statementTimeout().plusSeconds(2)));
    driver.setProperty("reWriteBatchedInserts", "true");
    config.setDataSourceProperties(driver);
    return config;
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
  }

  @Override
  public StoreSession session() {
    return new PostgresSession(this);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void claim() {
    // there may be several
  }

  @Override
  public Replacement replacement() throws TableUnavailableException {
    try {
      return new PostgresReplacement(this);
    } catch (SQLException e) {
      throw unavailable("cannot prepare another table", e);
    }
  }

  Connection connect() throws SQLException {
    return pool.getConnection();
  }

  /** Nobody gets one of those that there are again; who has one keeps it. */
  void forgetConnections() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  AttributeDictionary dictionary() {
    return dictionary;
  }

  Consumer<List<String>> unreadable() {
    return unreadable;
  }

  /** This gateway's name among those that share the table. */
  String owner() {
    return access.gateway();
  }

  @Override
  public void close() {
    pool.close();
  }

  /**
   * Whether another connection may do what failed on this one, which the server has closed, or on
   * which it takes no writes since it is not, or no more, the one that does. Not when there was no
   * connection at all, or no answer on this one: that has been waited for.
   */
  static boolean isLost(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return !(e instanceof SQLTransientConnectionException)
        && !(e.getCause() instanceof SocketTimeoutException)
        && LOST.stream().anyMatch(state::startsWith);
  }

  /** What went wrong, for the caller and the log; SQLSTATEs of appendix A of its manual. */
  static TableUnavailableException unavailable(String doing, SQLException e) {
    // The pool says only that none was to be had; the driver knows why.
    SQLException said = e.getCause() instanceof SQLException cause ? cause : e;
    String state = said.getSQLState() == null ? "" : said.getSQLState();
    TableUnavailableException.Reason reason =
        switch (state) {
          case LOCK_NOT_AVAILABLE, DEADLOCK, SERIALIZATION_FAILURE ->
              TableUnavailableException.Reason.LOCKED;
          case "53100" -> TableUnavailableException.Reason.FULL;
          default ->
              REFUSALS.stream().anyMatch(state::startsWith)
                  ? TableUnavailableException.Reason.REFUSED
                  : TableUnavailableException.Reason.FAILED;
        };
    String message = doing + ": " + words(said);
    return state.equals(DEADLOCK) || state.equals(SERIALIZATION_FAILURE) || isLost(e)
        ? TableUnavailableException.passing(reason, message)
        : new TableUnavailableException(reason, message);
  }

  /** With those of what caused it: of a server that it does not reach the driver says only that. */
  private static String words(Throwable said) {
    Throwable root = said;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String own = text(said);
    String why = text(root);
    if (own.contains(why)) {
      return own;
    }
    return own + (root instanceof UnknownHostException ? " There is no host " : " ") + why;
  }

  /** Its message; a connection that the other side has closed comes without one. */
  private static String text(Throwable trouble) {
    String message = trouble.getMessage();
    return message == null || message.isBlank() ? trouble.getClass().getSimpleName() : message;
  }
}
