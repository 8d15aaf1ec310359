package io.coagateway.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end. */
public final class Command {
  private Command() {}

  /**
   * How a program ended.
   *
   * @param exit its exit code
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  public record Result(int exit, String out, String err) {
    /** Both outputs, for a failure's message. */
    public String everything() {
      return "exit " + exit + "\n" + out + err;
    }

    /** This result, if the program ended well; an assertion error with its output otherwise. */
    public Result orFail() {
      if (exit != 0) {
        throw new AssertionError(everything());
      }
      return this;
    }
  }

  /** Runs a command in the current directory, without input. */
  public static Result run(Place place, String... command) {
    return run(place, Path.of("."), "", Duration.ofSeconds(60), List.of(command));
  }

  /**
   * Runs a command.
   *
   * @param input what it reads from standard input
   * @param limit how long it may take; it is killed then and the test fails
   */
  public static Result run(
      Place place, Path directory, String input, Duration limit, List<String> command) {
    List<String> words = place.command(command);
    Path in = null;
    Path out = null;
    Path err = null;
    try {
      in = Files.createTempFile("coa-lab-", ".in");
      out = Files.createTempFile("coa-lab-", ".out");
      err = Files.createTempFile("coa-lab-", ".err");
      Files.writeString(in, input);
      Process process =
          new ProcessBuilder(words)
              .directory(directory.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError(
              words + " did not end within " + limit + "\n" + text(out) + text(err));
        }
      } finally {
        process.destroyForcibly();
      }
      return new Result(process.exitValue(), text(out), text(err));
    } catch (IOException e) {
      throw new UncheckedIOException(words + " could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(words + " was interrupted", e);
    } finally {
      for (Path file : Arrays.asList(in, out, err)) {
        delete(file);
      }
    }
  }

  /** The text of a resource of the tests, {@code /lab/...}. */
  static String resource(String name) {
    try (InputStream in = Command.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("No resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static void delete(Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
