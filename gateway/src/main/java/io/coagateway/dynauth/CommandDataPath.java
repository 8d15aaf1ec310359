package io.coagateway.dynauth;

import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.time.MonotonicClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * {@code nas.on-disconnect}: a command of the operator's that cuts the data path. It gets the
 * sessions on standard input, one JSON object a line (the record of the table's public form), and
 * exit code 0 says that the data path is cut. Of the gateway's environment it has PATH and LANG.
 *
 * <p>At most {@value #MOST_AT_ONCE} run at once and {@value #MOST_WAITING} wait; beyond that the
 * answer is "not cut", never a queue without end. One whose turn comes when nobody waits for it any
 * more is not run: its Disconnect has been answered with a NAK, and the subscriber is to stay. The
 * stderr of {@value #MOST_HEARD} is read at once, of those too that left a process behind; what one
 * beyond says is not heard. One beyond {@value #MOST_TOLD} whose sessions still have to be taken
 * from standard input is not run: a process left behind may hold it and never read.
 */
public final class CommandDataPath implements DataPath, AutoCloseable {
  static final int MOST_AT_ONCE = 8;
  private static final int MOST_WAITING = 256;

  /** Runs whose stderr is open at once; what one has left behind may hold it. */
  static final int MOST_HEARD = 32;

  /** Runs whose standard input is open at once; more than a pipe holds waits for who reads. */
  static final int MOST_TOLD = 32;

  private static final int MOST_WORDS = 200;
  private static final long LAST_WORDS_MILLIS = 200;

  /** Secrets of the configuration may be in any other variable of the gateway's. */
  private static final Set<String> VARIABLES = Set.of("PATH", "LANG");

  private final List<String> command;
  private final Duration timeout;
  private final Function<SubscriberRecord, String> json;
  private final LongSupplier clock;
  private final ThreadPoolExecutor workers;
  private final Semaphore ears = new Semaphore(MOST_HEARD);
  private final Semaphore mouths = new Semaphore(MOST_TOLD);
  private final Attendants attendants;

  /** Who reads and writes the pipes of a command, each on a thread of its own. */
  @FunctionalInterface
  interface Attendants {
    /** Starts {@code task}; throws as {@link Thread#start} does, and then it never runs. */
    void start(Runnable task, String name);
  }

  /**
   * @param command program and arguments, run without a shell
   * @param timeout after which it is killed with its children and counts as failed; what it has
   *     left running when it ends by itself is left alone
   * @param json a record as one line of JSON
   */
  public CommandDataPath(
      List<String> command, Duration timeout, Function<SubscriberRecord, String> json) {
    this(command, timeout, json, MonotonicClock::nanos, (task, name) -> daemon(task, name).start());
  }

  /** The same with a clock of its own for the time spent waiting. */
  CommandDataPath(
      List<String> command,
      Duration timeout,
      Function<SubscriberRecord, String> json,
      LongSupplier clock,
      Attendants attendants) {
    this.command = List.copyOf(command);
    this.timeout = timeout;
    this.json = json;
    this.clock = clock;
    this.attendants = attendants;
    this.workers =
        new ThreadPoolExecutor(
            MOST_AT_ONCE,
            MOST_AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> daemon(task, "on-disconnect"));
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
    try (Permit mouth = new Permit(mouths);
        Permit ear = new Permit(ears)) {
      if (!mouth.isHeld()) {
        return new NotCut(
            "not run: "
                + MOST_TOLD
                + " earlier ones hold their standard input open and do not read");
      }
      ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD);
      builder.environment().keySet().retainAll(VARIABLES);
      if (!ear.isHeld()) {
        builder.redirectError(Redirect.DISCARD);
      }
      Process process = builder.start();
      try {
        return attend(process, input, longest, mouth, ear);
      } finally {
        if (process.isAlive()) {
          kill(process);
        }
      }
    } catch (IOException e) {
      return new NotCut("\"" + command.get(0) + "\" cannot be started: " + e.getMessage());
    }
  }

  /**
   * One that does not read would block a writer, and one that leaves a child behind a reader of
   * stderr: nobody waits for either, the exit code counts.
   */
  private Result attend(Process process, String input, Duration longest, Permit mouth, Permit ear) {
    FirstWords words = new FirstWords(process.getErrorStream());
    boolean isHeard = ear.isHeld();
    if (isHeard) {
      ear.handTo(words, task -> attendants.start(task, "on-disconnect-stderr"));
    }
    mouth.handTo(
        () -> write(process, input), task -> attendants.start(task, "on-disconnect-input"));
    try {
      if (!process.waitFor(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        return new NotCut("no end within " + longest.toMillis() + " ms");
      }
      int exit = process.exitValue();
      if (exit == 0) {
        return new Cut();
      }
      String said =
          isHeard
              ? words.line()
              : "(not heard: " + MOST_HEARD + " earlier ones hold their stderr open)";
      return new NotCut(("exit code " + exit + " " + said).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new NotCut("interrupted: the gateway stops");
    }
  }

  /** A place among so many, given back when it is closed or, handed to a task, by the task. */
  private static final class Permit implements AutoCloseable {
    private final Semaphore places;
    private boolean held;

    /** Takes a place if there is one. */
    Permit(Semaphore places) {
      this.places = places;
      held = places.tryAcquire();
    }

    boolean isHeld() {
      return held;
    }

    /**
     * The place is the task's from now on.
     *
     * @param starter starts what it gets, or throws; then the place is still here
     */
    void handTo(Runnable task, Consumer<Runnable> starter) {
      starter.accept(
          () -> {
            try {
              task.run();
            } finally {
              places.release();
            }
          });
      held = false;
    }

    @Override
    public void close() {
      if (held) {
        places.release();
      }
    }
  }

  /**
   * The beginning of what a command says on stderr; the rest is read and dropped, so that it never
   * waits for us. The pipe ends only with the last one who holds it, which may be a process that
   * the command has left behind.
   */
  private static final class FirstWords implements Runnable {
    private final InputStream stderr;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final byte[] first = new byte[MOST_WORDS];
    private int length; // guarded by first

    FirstWords(InputStream stderr) {
      this.stderr = stderr;
    }

    @Override
    public void run() {
      byte[] some = new byte[4096];
      try {
        for (int read = stderr.read(some); read >= 0; read = stderr.read(some)) {
          synchronized (first) {
            int kept = Math.min(read, first.length - length);
            System.arraycopy(some, 0, first, length, kept);
            length += kept;
          }
        }
      } catch (IOException e) {
        // it is what it is
      } finally {
        ended.countDown();
      }
    }

    /** Its first line, once the command has ended. */
    String line() throws InterruptedException {
      boolean isAll = ended.await(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
      synchronized (first) {
        String text = new String(first, 0, length, StandardCharsets.UTF_8);
        return text.lines().findFirst().orElse(isAll ? "" : "(its stderr is held open)");
      }
    }
  }

  private static void write(Process process, String input) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it need not read: its exit code is what counts
    }
  }

  /**
   * With all that it has started: an ssh must not cut the subscriber after the NAK. The command
   * itself goes first, lest a script go on behind a child that has ended. By handles, since {@link
   * Process#destroyForcibly} also closes its streams, which waits for who writes there.
   */
  private static void kill(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.toHandle().destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Stops at once. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
