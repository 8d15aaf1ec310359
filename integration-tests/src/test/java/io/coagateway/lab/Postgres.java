package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of Debian's package with a cluster of its own in the lab's directory, on a
 * free port of 127.0.0.1. It runs as the user postgres when the tests run as root, for it refuses
 * to run as root itself.
 */
public final class Postgres implements AutoCloseable {
  /** The database's user. */
  public static final String USER = "gateway";

  /** Its password, which the server asks for. */
  public static final String PASSWORD = "opensesame-4711";

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final Lab lab;
  private final Path programs;
  private final Path directory;
  private final int port;

  private Postgres(Lab lab, Path programs, Path directory, int port) {
    this.lab = lab;
    this.programs = programs;
    this.directory = directory;
    this.port = port;
  }

  /** Makes an empty cluster and starts its server. */
  public static Postgres start(Lab lab) {
    Path directory = lab.directory().resolve("postgresql");
    Postgres server = new Postgres(lab, programs(), directory, lab.freePort());
    try {
      Files.createDirectory(directory);
      Files.writeString(directory.resolve("password"), PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (Machine.isRoot()) {
      run(lab, List.of("chown", "-R", "postgres", directory.toString()));
    }
    server.program(
        "initdb",
        "--no-sync",
        "--locale=C.UTF-8",
        "--auth=scram-sha-256",
        "--username=" + USER,
        "--pwfile=" + directory.resolve("password"),
        "--pgdata=" + directory.resolve("data"));
    lab.add(server);
    server.start();
    return server;
  }

  private static Path programs() {
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Path::compareTo)
          .orElseThrow(() -> new IllegalStateException(VERSIONS + " has no initdb"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void program(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (Machine.isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(lab, command);
  }

  private static void run(Lab lab, List<String> command) {
    Command.run(Place.HERE, lab.directory(), "", Duration.ofSeconds(60), command).orFail();
  }

  /** Starts the server again after {@link #crash}. */
  public void start() {
    program(
        "pg_ctl",
        "start",
        "--wait",
        "--silent",
        "--pgdata=" + directory.resolve("data"),
        "--log=" + directory.resolve("log"),
        "--options=-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories=''"
            .formatted(port));
  }

  /** Stops it as a power failure would, but that what it has written stays. */
  public void crash() {
    program(
        "pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata=" + directory.resolve("data"));
  }

  /** The JDBC URL of its database. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** Sets a configuration up for this database. */
  public GatewayConfiguration in(GatewayConfiguration configuration, String gateway) {
    return configuration
        .set("subscribers.database", url())
        .set("subscribers.user", USER)
        .set("subscribers.password", PASSWORD)
        .set("subscribers.gateway", gateway);
  }

  /** The first value of an answer; empty when there is none. */
  public String ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), USER, PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      String value = rows.next() ? rows.getString(1) : "";
      return value == null ? "" : value;
    }
  }

  @Override
  public void close() {
    if (Files.exists(directory.resolve("data").resolve("postmaster.pid"))) {
      crash();
    }
  }
}
