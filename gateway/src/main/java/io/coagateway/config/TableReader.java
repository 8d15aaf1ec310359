package io.coagateway.config;

import io.coagateway.subscriber.TableParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Reads {@code subscribers}. */
final class TableReader {
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String DEFAULT = SQLITE + "subscribers.db";

  private TableReader() {}

  static TableSettings read(Section subscribers) {
    String url = subscribers.value("database", Forms.TEXT, DEFAULT);
    Path directory = subscribers.expansion().resolve("");
    if (url.startsWith("jdbc:postgresql:")) {
      subscribers.problem(
          "database", "is PostgreSQL, which this version cannot use. Give " + DEFAULT + ".");
    } else if (!url.startsWith(SQLITE) || url.length() == SQLITE.length()) {
      subscribers.problem("database", "is not a database URL. Give one like " + DEFAULT + ".");
    } else if (!url.equals(SQLITE + ":memory:")) {
      Path file = subscribers.expansion().resolve(url.substring(SQLITE.length()));
      directory = file.toAbsolutePath().getParent();
      url = SQLITE + file;
      if (!Files.isDirectory(directory)) {
        subscribers.problem(
            "database", "lies in " + directory + ", which does not exist. Create the directory.");
      } else if (!Files.isWritable(directory)) {
        subscribers.problem(
            "database",
            "lies in "
                + directory
                + ", where "
                + System.getProperty("user.name")
                + " may not write. chown the directory, or give another.");
      }
    }
    boolean relayReadsTable = subscribers.value("relay-reads-table", Forms.SWITCH, true);
    TableParameters byDefault = TableParameters.of(url);
    int queue =
        subscribers.value("queue-limit", Forms.integer(1, 10_000_000), byDefault.queueLimit());
    Duration lock =
        subscribers.value(
            "lock-timeout",
            Forms.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
            byDefault.lockTimeout());
    Duration poll =
        subscribers.value(
            "poll-interval",
            Forms.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
            byDefault.pollInterval());
    return new TableSettings(
        new TableParameters(url, queue, lock, poll), relayReadsTable, directory);
  }
}
