package io.coagateway.config;

import io.coagateway.subscriber.ServerAccess;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code subscribers}. */
final class TableReader {
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final String HOST_S_OWN = "auto";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final String DEFAULT = SQLITE + "subscribers.db";

  private static final List<String> SERVER_KEYS =
      List.of("user", "password", "connections", "connect-timeout", "statement-timeout", "gateway");

  private TableReader() {}

  static TableSettings read(Section subscribers) {
    String url = subscribers.value("database", Forms.TEXT, DEFAULT);
    Path directory = withoutDatabase(subscribers);
    boolean memory = TableParameters.isMemory(url);
    boolean server = url.startsWith(POSTGRESQL);
    if (server) {
      if (!SubscriberTables.isSupported(url)) {
        subscribers.problemAt( // without the value, in which a password may stand
            "database",
            "has user or password in it, which would be shown, or cannot be read, by its port for"
                + " one. Give jdbc:postgresql://host/database or"
                + " jdbc:postgresql://host:5432/database, and user and password as keys of their"
                + " own.");
      }
    } else if (!memory && (!url.startsWith(SQLITE) || url.length() == SQLITE.length())) {
      subscribers.problemAt( // without the value, in which a password may stand
          "database",
          "is not a database URL. Give one like "
              + DEFAULT
              + " or jdbc:postgresql://host/database; or memory.");
    } else if (!memory) {
      try {
        Path file = subscribers.expansion().resolve(url.substring(SQLITE.length()));
        directory = file.toAbsolutePath().getParent();
        url = SQLITE + file;
        checkDirectory(directory);
        if (Files.isDirectory(file)) {
          throw new BadValue("names " + file + ", which is a directory. Name a file in it.");
        }
      } catch (BadValue e) {
        subscribers.problem("database", e.getMessage());
      }
    }
    boolean relayReadsTable = subscribers.value("relay-reads-table", Forms.SWITCH, !memory);
    if (memory && relayReadsTable) {
      subscribers.problem(
          "relay-reads-table",
          "cannot be with database: memory, which nobody else sees. Give a database that the relay"
              + " can read, or take this away.");
    }
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
    Optional<Path> file = subscribers.optional("file", Forms.path(subscribers.expansion()));
    Duration fileInterval =
        subscribers.value(
            "file-interval",
            Forms.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            Duration.ofSeconds(1));
    return new TableSettings(
        new TableParameters(url, queue, lock, poll, access(subscribers, server)),
        relayReadsTable,
        file,
        fileInterval,
        directory);
  }

  private static void checkDirectory(Path directory) throws BadValue {
    if (!Files.isDirectory(directory)) {
      throw new BadValue("lies in " + directory + ", which does not exist. Create the directory.");
    } else if (!Files.isWritable(directory)) {
      throw new BadValue(
          "lies in "
              + directory
              + ", where "
              + System.getProperty("user.name")
              + " may not write. chown the directory, or give another.");
    }
  }

  /** Where the gateway keeps what it needs after a restart when the table is no file. */
  private static Path withoutDatabase(Section subscribers) {
    String givenBySystemd = System.getenv("STATE_DIRECTORY"); // one or more, systemd.exec(5)
    return givenBySystemd == null || givenBySystemd.isEmpty()
        ? subscribers.expansion().directory()
        : Path.of(givenBySystemd.split(":", 2)[0]);
  }

  private static ServerAccess access(Section subscribers, boolean server) {
    ServerAccess byDefault = ServerAccess.of(Optional.empty(), Optional.empty(), HOST_S_OWN);
    String gateway = subscribers.value("gateway", Forms.TEXT, byDefault.gateway());
    ServerAccess access =
        new ServerAccess(
            subscribers.optional("user", Forms.TEXT),
            subscribers.secret("password", Forms.TEXT),
            subscribers.value("connections", Forms.integer(2, 100), byDefault.connections()),
            subscribers.value(
                "connect-timeout",
                Forms.duration(ServerAccess.LEAST_CONNECT_TIMEOUT, Duration.ofMinutes(1)),
                byDefault.connectTimeout()),
            subscribers.value(
                "statement-timeout",
                Forms.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
                byDefault.statementTimeout()),
            gateway.equals(HOST_S_OWN) ? hostName() : gateway);
    if (!server) {
      for (String key : SERVER_KEYS) {
        if (subscribers.has(key)) {
          subscribers.problemAt( // one of them is the password
              key, "is for a jdbc:postgresql: database. Take it away, or change database.");
        }
      }
    }
    return access;
  }

  private static String hostName() {
    try {
      String name = Files.readString(HOST_NAME).strip();
      return name.isEmpty() ? "gateway" : name;
    } catch (IOException e) {
      return "gateway"; // no Linux
    }
  }
}
