package io.coagateway.dynauth;

import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.time.MonotonicClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * {@code nas.on-disconnect}: a command of the operator's that cuts the data path. It gets the
 * sessions on standard input, one JSON object a line (the record of the table's public form), and
 * exit code 0 says that the data path is cut.
 *
 * <p>At most {@value #MOST_AT_ONCE} run at once and {@value #MOST_WAITING} wait; beyond that the
 * answer is "not cut", never a queue without end. One whose turn comes when nobody waits for it any
 * more is not run: its Disconnect has been answered with a NAK, and the subscriber is to stay.
 */
public final class CommandDataPath implements DataPath, AutoCloseable {
  static final int MOST_AT_ONCE = 8;
  private static final int MOST_WAITING = 256;
  private static final int MOST_WORDS = 200;

  private final List<String> command;
  private final Duration timeout;
  private final Function<SubscriberRecord, String> json;
  private final LongSupplier clock;
  private final ThreadPoolExecutor workers;

  /**
   * @param command program and arguments, run without a shell
   * @param timeout after which it is killed and counts as failed
   * @param json a record as one line of JSON
   */
  public CommandDataPath(
      List<String> command, Duration timeout, Function<SubscriberRecord, String> json) {
    this(command, timeout, json, MonotonicClock::nanos);
  }

  /** The same with a clock of its own for the time spent waiting. */
  CommandDataPath(
      List<String> command,
      Duration timeout,
      Function<SubscriberRecord, String> json,
      LongSupplier clock) {
    this.command = List.copyOf(command);
    this.timeout = timeout;
    this.json = json;
    this.clock = clock;
    this.workers =
        new ThreadPoolExecutor(
            MOST_AT_ONCE,
            MOST_AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "on-disconnect");
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletionStage<Result> cut(List<SubscriberRecord> sessions, Duration atMost) {
    StringBuilder lines = new StringBuilder();
    for (SubscriberRecord session : sessions) {
      lines.append(json.apply(session)).append('\n');
    }
    long end = clock.getAsLong() + atMost.toNanos();
    try {
      return CompletableFuture.supplyAsync(
          () -> {
            Duration left = Duration.ofNanos(end - clock.getAsLong());
            return left.isZero() || left.isNegative()
                ? new NotCut(atMost.toMillis() + " ms were over before its turn came")
                : run(lines.toString(), left.compareTo(timeout) < 0 ? left : timeout);
          },
          workers);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(
          new NotCut("more than " + MOST_WAITING + " commands are waiting to be run"));
    }
  }

  private Result run(String input, Duration longest) {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return new NotCut("\"" + command.get(0) + "\" cannot be started: " + e.getMessage());
    }
    try {
      // A command that does not read would block a writer for ever: a thread of its own writes.
      CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(process, input));
      CompletableFuture<String> words = CompletableFuture.supplyAsync(() -> firstLine(process));
      if (!process.waitFor(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        return new NotCut("no end within " + longest.toMillis() + " ms");
      }
      written.join();
      int exit = process.exitValue();
      return exit == 0 ? new Cut() : new NotCut(("exit code " + exit + " " + words.join()).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new NotCut("interrupted: the gateway stops");
    } finally {
      process.destroyForcibly();
    }
  }

  private static void write(Process process, String input) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it need not read: its exit code is what counts
    }
  }

  private static String firstLine(Process process) {
    try (InputStream in = process.getErrorStream()) {
      String text = new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
      in.transferTo(OutputStream.nullOutputStream());
      return text.lines().findFirst().orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** Takes no more commands; those that run or wait go on. */
  public void retire() {
    workers.shutdown();
  }

  /** Stops at once. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
