package io.coagateway.subscriber;

import io.coagateway.machine.TestMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL from Debian's package, for the tests alone: a cluster in a temporary directory, on a
 * free loopback port, never as root. One for each process of tests; each test has a schema of its
 * own.
 */
final class PostgresServer {
  static final String USER = "gateway";
  static final String PASSWORD = "opensesame-4711";

  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static PostgresServer running; // guarded by the class

  private final Path bin;
  private final Path directory;
  private final int port;

  private PostgresServer(Path bin, Path directory, int port) {
    this.bin = bin;
    this.directory = directory;
    this.port = port;
  }

  /** The one that runs; skips the test where PostgreSQL is not installed. */
  static synchronized PostgresServer get() {
    if (running == null) {
      Optional<Path> bin = programs();
      TestMachine.needs(bin.isPresent(), "Debian's postgresql");
      try {
        running = start(bin.orElseThrow());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(running::stop));
    }
    return running;
  }

  private static Optional<Path> programs() {
    if (!Files.isDirectory(PROGRAMS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(PROGRAMS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Path::compareTo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PostgresServer start(Path bin) throws IOException {
    Path directory = Files.createTempDirectory("coa-postgresql");
    int port = TestMachine.freePort();
    PostgresServer server = new PostgresServer(bin, directory, port);
    Path password = directory.resolve("password");
    Files.writeString(password, PASSWORD);
    if (isRoot()) {
      run(List.of("chown", "-R", "postgres", directory.toString()));
    }
    server.asItself(
        "initdb",
        "--no-sync",
        "--locale=C.UTF-8",
        "--auth=scram-sha-256",
        "--username=" + USER,
        "--pwfile=" + password,
        "--pgdata=" + server.data());
    server.asItself(
        "pg_ctl",
        "start",
        "--wait",
        "--pgdata=" + server.data(),
        "--log=" + directory.resolve("log"),
        "--options=-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories='' -c fsync=off"
            .formatted(port));
    return server;
  }

  private Path data() {
    return directory.resolve("data");
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private void asItself(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  /** What the program printed; fails unless it ended with 0. */
  static String run(List<String> command) throws IOException {
    Path out = Files.createTempFile("coa-postgresql", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile()) // a pipe would stay open as long as the server
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + ": " + Files.readString(out, StandardCharsets.UTF_8));
      }
      return Files.readString(out, StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    } finally {
      Files.deleteIfExists(out);
    }
  }

  private void stop() {
    try {
      asItself("pg_ctl", "stop", "--mode=immediate", "--pgdata=" + data());
      run(List.of("rm", "-r", directory.toString()));
    } catch (IOException e) {
      System.err.println("the tests' PostgreSQL: " + e.getMessage());
    }
  }

  /** The URL of a new schema. */
  String newSchema() {
    String schema = "test" + SCHEMAS.incrementAndGet();
    try (Connection connection = connect(url("public"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + schema);
      statement.execute(
          "CREATE FUNCTION %s.hex(value BYTEA) RETURNS TEXT LANGUAGE sql AS $$ SELECT upper(encode(value, 'hex')) $$"
              .formatted(schema));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return url(schema);
  }

  private String url(String schema) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?currentSchema=" + schema;
  }

  /** What psql prints, values only: the shell of PostgreSQL, in the schema of this JDBC URL. */
  String psql(String url, String sql) throws IOException {
    String address =
        url.replace("jdbc:postgresql://", "postgresql://" + USER + ":" + PASSWORD + "@")
            .replace("currentSchema=", "options=-csearch_path%3D");
    return run(
        List.of(
            bin.resolve("psql").toString(),
            "--no-psqlrc",
            "--quiet",
            "--no-align",
            "--tuples-only",
            "--set=ON_ERROR_STOP=1",
            "--dbname=" + address,
            "--command=" + sql));
  }

  /** Another program with the database: plain driver settings. */
  static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, USER, PASSWORD);
  }
}
