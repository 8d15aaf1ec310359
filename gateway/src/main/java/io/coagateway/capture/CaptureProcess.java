package io.coagateway.capture;

import io.coagateway.wire.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program that writes a capture to its stdout, like tcpdump, and hands on its frames. When
 * it ends, for whatever reason, it is started again: at once if it ran for a while, otherwise after
 * a pause that doubles up to a minute. Of the gateway's environment it has PATH and LANG.
 *
 * <p>Two threads of its own: one reads frames, one what the program says on stderr.
 */
public final class CaptureProcess implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int SAID_LINES = 3;
  private static final int SAID_LENGTH = 300;
  private static final long END_SECONDS = 2;

  /** Secrets of the configuration may be in any other variable of the gateway's. */
  private static final Set<String> VARIABLES = Set.of("PATH", "LANG");

  private final List<String> command;
  private final Listener listener;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<Process> process = Optional.empty();
  private volatile Optional<String> trouble = Optional.of("not started yet");

  /**
   * @param command program and arguments; the program is looked for in PATH
   * @param listener gets frames and news
   */
  public CaptureProcess(List<String> command, Listener listener) {
    this.command = List.copyOf(command);
    this.listener = listener;
    this.thread = new Thread(this::run, "capture");
    thread.setDaemon(true);
  }

  /** Who gets the frames. Called on the capture's thread. */
  public interface Listener {
    /** A frame was captured. What is thrown ends the program, which is then started again. */
    void frame(CapturedFrame frame);

    /** The program delivers: its stream has begun like a capture. */
    void started();

    /**
     * The program has ended.
     *
     * @param why its exit code, and what it said last
     * @param pause until it is started again
     */
    void ended(String why, Duration pause);
  }

  /** Starts the program, in a thread of its own. */
  public void start() {
    thread.start();
  }

  /** Why nothing is captured at the moment; empty while the program delivers. */
  public Optional<String> trouble() {
    return trouble;
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (closed.getCount() > 0) {
      boolean delivered = false;
      String why;
      try {
        Capturing capturing = new Capturing();
        why = capturing.run();
        delivered = capturing.delivered;
      } catch (IOException e) {
        why = e.getMessage();
      }
      trouble = Optional.of(why);
      pause = delivered ? FIRST_PAUSE : pause;
      if (closed.getCount() > 0) {
        listener.ended(why, pause);
        if (isClosedWithin(pause)) {
          return;
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }
  }

  private boolean isClosedWithin(Duration pause) {
    try {
      return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true; // somebody wants this thread to end
    }
  }

  /** One life of the program. */
  private final class Capturing {
    private final Process child;
    private final Deque<String> said = new ArrayDeque<>();
    private boolean delivered;

    private Capturing() throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().retainAll(VARIABLES);
      child = builder.redirectInput(ProcessBuilder.Redirect.PIPE).start();
      child.getOutputStream().close();
      process = Optional.of(child);
      if (closed.getCount() == 0) {
        child.destroy(); // close() came before the process was known
      }
    }

    private String run() throws IOException {
      Thread hearing = new Thread(this::hear, "capture-stderr");
      hearing.setDaemon(true);
      hearing.start();
      String broken = "";
      try (InputStream stream = child.getInputStream()) {
        CaptureReader frames = CaptureReader.open(stream);
        delivered = true;
        trouble = Optional.empty();
        listener.started();
        for (Optional<CapturedFrame> frame = frames.next();
            frame.isPresent();
            frame = frames.next()) {
          listener.frame(frame.get());
        }
      } catch (MalformedException e) {
        broken = "; its capture " + e.getMessage();
      } catch (RuntimeException e) { // nobody would start this thread again
        broken = "; a frame met a defect of the gateway, report it: " + e + placeOf(e);
      }
      return end(hearing) + (delivered ? broken : "");
    }

    private static String placeOf(RuntimeException defect) {
      StackTraceElement[] stack = defect.getStackTrace();
      return stack.length == 0 ? "" : " at " + stack[0];
    }

    private String end(Thread hearing) {
      try {
        if (!child.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
          child.destroyForcibly();
        }
        hearing.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        child.waitFor(END_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        child.destroyForcibly();
      }
      String code = child.isAlive() ? "does not end" : "ended with exit code " + child.exitValue();
      synchronized (said) {
        return command.get(0) + " " + code + (said.isEmpty() ? "" : ": " + String.join("; ", said));
      }
    }

    private void hear() {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(child.getErrorStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          synchronized (said) {
            said.add(line.substring(0, Math.min(line.length(), SAID_LENGTH)));
            if (said.size() > SAID_LINES) {
              said.remove();
            }
          }
        }
      } catch (IOException e) {
        // it has ended, and says nothing more
      }
    }
  }

  /** Ends the program and the reading of it. */
  @Override
  public void close() {
    closed.countDown();
    process.ifPresent(Process::destroy);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(3 * END_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
