package io.coagateway.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** What the machine under the tests has and allows. */
final class Machine {
  private Machine() {}

  /** Whether the tests run as root, and so may make namespaces and capture. */
  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw new IllegalStateException("/proc/self cannot be read", e);
    }
  }

  /** Where a program is, looked for in PATH and in the directories of root's programs. */
  static Optional<Path> find(String program) {
    if (program.startsWith("/")) {
      return Optional.of(Path.of(program)).filter(Files::exists);
    }
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin";
    return Arrays.stream(path.split(":", -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether the tests run in continuous integration, where nothing may be skipped. */
  static boolean isContinuousIntegration() {
    return "true".equals(System.getenv("CI"));
  }

  /** Whether a process has a UDP socket on {@code port}, as its own network namespace shows it. */
  static boolean listensOnUdp(long pid, int port) {
    String wanted = String.format(":%04X ", port);
    return Stream.of("udp", "udp6")
        .map(table -> Path.of("/proc", Long.toString(pid), "net", table))
        .flatMap(Machine::lines)
        .map(line -> line.strip().split("\\s+", 3))
        .anyMatch(columns -> columns.length > 1 && (columns[1] + " ").endsWith(wanted));
  }

  /** Whether a process has a listening TCP socket on {@code port}, in its own namespace. */
  static boolean listensOnTcp(long pid, int port) {
    String wanted = String.format(":%04X", port);
    return Stream.of("tcp", "tcp6")
        .map(table -> Path.of("/proc", Long.toString(pid), "net", table))
        .flatMap(Machine::lines)
        .map(line -> line.strip().split("\\s+", 5))
        .anyMatch(
            columns ->
                columns.length > 3 && columns[1].endsWith(wanted) && columns[3].equals("0A"));
  }

  private static Stream<String> lines(Path path) {
    try {
      return Files.readAllLines(path).stream();
    } catch (IOException e) {
      return Stream.empty(); // the process has ended, or has no such table
    }
  }
}
