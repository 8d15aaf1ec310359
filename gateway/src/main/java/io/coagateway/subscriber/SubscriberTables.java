package io.coagateway.subscriber;

import io.coagateway.radius.AttributeDictionary;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens tables by their JDBC URL. */
public final class SubscriberTables {
  static final String SQLITE = "jdbc:sqlite:";
  static final String POSTGRESQL = "jdbc:postgresql:";

  private static final Pattern PLAIN = Pattern.compile("[\\w./-]*"); // no URL at all
  private static final Pattern KIND = Pattern.compile("(?:jdbc:)?\\w+:");

  private SubscriberTables() {}

  /**
   * The table as the gateway uses it. Changes that an earlier process left pending are in force
   * when this returns; the memory index is filled behind it.
   *
   * @param parameters where and how
   * @param dictionary names of the session attributes in the database
   * @param observer told what happens
   * @param completions runs what waits for the table: once for each transaction, with all that it
   *     decided; the event loop of the caller, or {@code Runnable::run}. What a task of the loop
   *     asks for goes into one transaction if this runs nothing before that task has ended
   * @param nanos monotonic nanoseconds, as {@link io.coagateway.time.Timers#nanos}; asked from
   *     several threads
   * @throws TableUnavailableException when the database cannot be opened or is not ours
   */
  public static SubscriberTable open(
      TableParameters parameters,
      AttributeDictionary dictionary,
      TableObserver observer,
      Executor completions,
      LongSupplier nanos)
      throws TableUnavailableException {
    if (parameters.isInMemory()) {
      return new MemoryTable(parameters, observer, completions);
    }
    TableStore store = store(parameters, dictionary, observer::unreadable);
    try {
      store.claim();
      return new GroupCommitTable(store, parameters, observer, completions, nanos);
    } catch (TableUnavailableException | RuntimeException e) {
      store.close(); // who tries again opens another one
      throw e;
    }
  }

  /**
   * The table as commands use it, while a gateway may be running.
   *
   * @param unreadable told what stands in records that cannot be read
   * @throws TableUnavailableException when the database cannot be opened or is not ours, or when
   *     there is none
   */
  public static TableTransfer transfer(
      TableParameters parameters, AttributeDictionary dictionary, Consumer<List<String>> unreadable)
      throws TableUnavailableException {
    return new TableTransfer(store(parameters, dictionary, unreadable));
  }

  /**
   * Whether a table can be kept there; the message for the person is {@link #urlProblem}. A URL
   * with user or password in it is none: URLs are shown in logs.
   */
  public static boolean isSupported(String database) {
    if (TableParameters.isMemory(database)) {
      return true;
    }
    if (database.startsWith(SQLITE)) {
      return database.length() > SQLITE.length();
    }
    return database.startsWith(POSTGRESQL)
        && database.length() > POSTGRESQL.length()
        && !database.contains("@")
        && !database.toLowerCase(Locale.ROOT).contains("password=")
        && PostgresStore.canRead(database);
  }

  /**
   * What is wrong with a URL that is not supported. Of one in which a password may stand only the
   * kind is repeated.
   */
  public static String urlProblem(String database) {
    Matcher kind = KIND.matcher(database);
    String shown =
        PLAIN.matcher(database).matches() ? database : (kind.lookingAt() ? kind.group() : "") + "…";
    return '"'
        + shown
        + "\" is no database that this version can use. Give one like jdbc:sqlite:subscribers.db or"
        + " jdbc:postgresql://host/database, with user and password elsewhere";
  }

  static TableStore store(
      TableParameters parameters, AttributeDictionary dictionary, Consumer<List<String>> unreadable)
      throws TableUnavailableException {
    if (parameters.isInMemory()) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED,
          "the table is in the memory of the running gateway (database: memory), which no command"
              + " reaches. Ask its admin port (/subscribers), or write to the file that"
              + " subscribers.file names");
    }
    if (!isSupported(parameters.database())) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED, urlProblem(parameters.database()));
    }
    return parameters.database().startsWith(SQLITE)
        ? SqliteStore.open(parameters, dictionary, unreadable)
        : PostgresStore.open(parameters, dictionary, unreadable);
  }
}
