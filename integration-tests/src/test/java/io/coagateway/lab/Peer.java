package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A real program that runs beside the test until it is closed; it dies with the test's JVM. What it
 * prints goes to {@code NAME.log} in the lab's directory.
 */
public final class Peer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final Path log;
  private final Process process;
  private final Thread atExit;

  private Peer(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts a program; it has not necessarily got anywhere when this returns. */
  static Peer start(String name, Place place, Path directory, List<String> command) {
    Path log = directory.resolve(name + ".log");
    try {
      Process process =
          new ProcessBuilder(place.command(command))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process.getOutputStream().close();
      return new Peer(name, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " could not be started: " + command, e);
    }
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** How many files and sockets it has open. */
  public int openFiles() {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      return (int) open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " has ended", e);
    }
  }

  /** How long it has computed so far. */
  public Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** All it has printed so far. */
  public String output() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines it has printed, for a failure's message. */
  private String lastWords() {
    List<String> lines = output().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }

  /** Waits until the program has printed something that matches. */
  public Peer awaitOutput(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return await("prints " + regex, () -> pattern.matcher(output()).find());
  }

  /** Waits until the program has a UDP socket on a port. */
  public Peer awaitUdp(int port) {
    return await("listens on UDP port " + port, () -> Machine.listensOnUdp(pid(), port));
  }

  /** Waits until the program has a listening TCP socket on a port. */
  public Peer awaitTcp(int port) {
    return await("listens on TCP port " + port, () -> Machine.listensOnTcp(pid(), port));
  }

  /** Waits for a condition, but not longer than the program lives. */
  public Peer await(String what, Callable<Boolean> condition) {
    AtomicBoolean met = new AtomicBoolean();
    try {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(PATIENCE)
          .until(
              () -> {
                boolean alive = process.isAlive(); // before: what it does last counts too
                met.set(condition.call());
                return met.get() || !alive;
              });
      if (met.get()) {
        return this;
      }
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          name + ": not within " + PATIENCE + ": " + what + "\n" + lastWords(), e);
    } catch (Exception e) { // Callable's signature; our conditions read files
      throw new IllegalStateException(name + ": " + what, e);
    }
    throw new AssertionError(
        name + " ended (" + process.exitValue() + ") before it " + what + "\n" + lastWords());
  }

  /** Waits for the program to end by itself and gives its exit code. */
  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end within " + limit + "\n" + lastWords());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + " was interrupted", e);
    }
  }

  /** Asks it to end (SIGTERM) and gives its exit code. */
  public int stop(Duration limit) {
    process.destroy();
    return awaitExit(limit);
  }

  /** Sends it a signal by name, as {@code HUP}, {@code STOP}, {@code CONT}. */
  public void signal(String signal) {
    Command.run(Place.HERE, "kill", "-" + signal, Long.toString(pid())).orFail();
  }

  /** Kills it at once, as a crash would (SIGKILL). */
  public void kill() {
    process.destroyForcibly();
    awaitExit(PATIENCE);
  }

  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
