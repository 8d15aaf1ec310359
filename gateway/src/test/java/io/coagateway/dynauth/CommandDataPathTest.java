package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coagateway.subscriber.SubscriberRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandDataPathTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SubscriberRecord alice = new Gateway().record("port-1", "alice", 1).build();

  @Test
  void givesOneLineForEachSessionAndTakesExitZeroForDone(@TempDir Path dir) throws IOException {
    Path seen = dir.resolve("seen");
    DataPath.Result result = cut(SubscriberRecord::id, 2, "cat > " + seen);
    assertThat(result).isInstanceOf(DataPath.Cut.class);
    assertThat(Files.readString(seen)).isEqualTo("port-1\nport-1\n");
  }

  @Test
  void givesNoVariableInWhichASecretMayBe(@TempDir Path dir) throws IOException {
    Path seen = dir.resolve("seen");
    assertThat(cut(SubscriberRecord::id, 1, "cat /proc/$$/environ > " + seen))
        .isInstanceOf(DataPath.Cut.class);
    assertThat(System.getenv()).containsKey("PATH").hasSizeGreaterThan(2);
    assertThat(Files.readString(seen).split("\0", 0))
        .contains("PATH=" + System.getenv("PATH"))
        .allSatisfy(variable -> assertThat(variable).matches("(?s)(PATH|LANG)=.*"));
  }

  @Test
  void saysExitCodeAndFirstWords() {
    assertThat(cut(SubscriberRecord::id, 1, "echo no such session >&2; echo more >&2; exit 3"))
        .isEqualTo(new DataPath.NotCut("exit code 3 no such session"));
  }

  @Test
  void aChildThatStaysAndKeepsStderrOpenIsNotWaitedFor(@TempDir Path dir) throws IOException {
    Path child = dir.resolve("child");
    String script = "sleep 60 & echo $! > %s; echo no such session >&2; exit 3".formatted(child);
    assertThat(cut(SubscriberRecord::id, 1, script))
        .isEqualTo(new DataPath.NotCut("exit code 3 no such session"));
    endAll(child);
  }

  /** One that ends before its stderr was read at all costs nothing, so some more may be needed. */
  @Test
  void ofThoseThatLeaveAChildBehindSoManyAreHeardAndNoMore(@TempDir Path dir) throws IOException {
    Path children = Files.createFile(dir.resolve("children"));
    String script =
        "sleep 60 & echo $! >> %s; read code; sh -c :; test $code = 0 || echo no such session >&2;"
            + " exit $code";
    AtomicReference<String> code = new AtomicReference<>();
    try (CommandDataPath path = path(script.formatted(children), LONG, r -> code.get(), () -> 0)) {
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> {
                code.set("0");
                for (int i = 0; i < CommandDataPath.MOST_HEARD; i++) {
                  assertThat(ended(path.cut(List.of(alice), LONG))).isEqualTo(new DataPath.Cut());
                }
                code.set("3");
                assertThat(ended(path.cut(List.of(alice), LONG)))
                    .isEqualTo(
                        new DataPath.NotCut(
                            "exit code 3 (not heard: 32 earlier ones hold their stderr open)"));
              });
      endAll(children);
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(ended(path.cut(List.of(alice), LONG)))
                      .isEqualTo(new DataPath.NotCut("exit code 3 no such session")));
    } finally {
      endAll(children);
    }
  }

  /** Else each would hold a thread and its input for as long as the process that it left. */
  @Test
  void oneIsNotRunWhileSoManyLeftAProcessThatHoldsInputAndDoesNotRead(@TempDir Path dir)
      throws IOException {
    Path children = Files.createFile(dir.resolve("children"));
    Path runs = Files.createFile(dir.resolve("runs"));
    String script =
        "echo >> %s; exec 3<&0; head -c 1 <&3 > /dev/null; sleep 60 <&3 2> /dev/null & echo $! >> %s"
            .formatted(runs, children);
    String large = "x".repeat(1 << 20);
    try (CommandDataPath path = path(script, LONG, r -> large, () -> 0)) {
      for (int i = 0; i < CommandDataPath.MOST_TOLD; i++) {
        assertThat(ended(path.cut(List.of(alice), LONG))).isEqualTo(new DataPath.Cut());
      }
      assertThat(ended(path.cut(List.of(alice), LONG)))
          .isEqualTo(
              new DataPath.NotCut(
                  "not run: 32 earlier ones hold their standard input open and do not read"));
      assertThat(Files.readAllLines(runs)).hasSize(CommandDataPath.MOST_TOLD);
      endAll(children);
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(ended(path.cut(List.of(alice), LONG))).isEqualTo(new DataPath.Cut()));
    } finally {
      endAll(children);
    }
  }

  /** As when the machine gives no more of them; what runs unattended must not cut after the NAK. */
  @ParameterizedTest
  @ValueSource(strings = {"on-disconnect-stderr", "on-disconnect-input"})
  void aThreadThatCannotStartCostsItsRunAlone(String which, @TempDir Path dir) {
    AtomicInteger failures = new AtomicInteger(CommandDataPath.MOST_HEARD);
    String script = "read line && echo no such session >&2; exit 3; : %s".formatted(dir);
    CommandDataPath.Attendants attendants =
        (task, name) -> {
          if (name.equals(which) && failures.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          start(task, name);
        };
    try (CommandDataPath path = path(script, LONG, SubscriberRecord::id, () -> 0, attendants)) {
      for (int i = 0; i < CommandDataPath.MOST_HEARD; i++) {
        assertThatThrownBy(() -> ended(path.cut(List.of(alice), LONG)))
            .hasRootCauseMessage("unable to create native thread");
      }
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(ended(path.cut(List.of(alice), LONG)))
                      .isEqualTo(new DataPath.NotCut("exit code 3 no such session")));
    }
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(ProcessHandle.current().children())
                    .noneMatch(
                        child -> child.info().commandLine().orElse("").contains(dir.toString())));
  }

  private static void endAll(Path children) throws IOException {
    for (String child : Files.readAllLines(children)) {
      ProcessHandle.of(Long.parseLong(child)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void killsOneThatDoesNotEndWithItsChildren(@TempDir Path dir) throws Exception {
    Path fifo = fifo(dir);
    CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> untilAllClose(fifo));
    try (CommandDataPath path =
        path(withChildAt(fifo), Duration.ofSeconds(2), SubscriberRecord::id, () -> 0)) {
      assertThat(ended(path.cut(List.of(alice), LONG)))
          .isEqualTo(new DataPath.NotCut("no end within 2000 ms"));
      assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("begun\n");
    }
  }

  @Test
  void killsThemWhenTheGatewayStops(@TempDir Path dir) throws Exception {
    Path fifo = fifo(dir);
    CommandDataPath path = path(withChildAt(fifo), LONG, SubscriberRecord::id, () -> 0);
    CompletionStage<DataPath.Result> result = path.cut(List.of(alice), LONG);
    try (BufferedReader child = Files.newBufferedReader(fifo)) {
      assertThat(child.readLine()).isEqualTo("begun");
      path.close();
      assertThat(ended(result)).isEqualTo(new DataPath.NotCut("interrupted: the gateway stops"));
      assertThat(CompletableFuture.supplyAsync(() -> line(child)).get(20, TimeUnit.SECONDS))
          .isEmpty(); // nobody is left to write
    }
  }

  /** A named pipe ends for its reader when the last process that has it open for writing ends. */
  private static Path fifo(Path dir) throws IOException, InterruptedException {
    Path fifo = dir.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    return fifo;
  }

  private static String withChildAt(Path fifo) {
    return "(echo begun; exec sleep 60) > %s & wait".formatted(fifo);
  }

  private static String untilAllClose(Path fifo) {
    try {
      return Files.readString(fifo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> line(BufferedReader reader) {
    try {
      return Optional.ofNullable(reader.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneWhoseTurnComesTooLateIsNotRun(@TempDir Path dir) throws IOException {
    Path go = dir.resolve("go");
    Path runs = dir.resolve("runs");
    String script = "until [ -e %s ]; do sleep 0.01; done; echo >> %s".formatted(go, runs);
    AtomicLong nanos = new AtomicLong();
    try (CommandDataPath path = path(script, LONG, SubscriberRecord::id, nanos::get)) {
      List<CompletionStage<DataPath.Result>> atWork =
          Stream.generate(() -> path.cut(List.of(alice), LONG))
              .limit(CommandDataPath.MOST_AT_ONCE)
              .toList();
      CompletionStage<DataPath.Result> late = path.cut(List.of(alice), Duration.ofMillis(2900));
      CompletionStage<DataPath.Result> inTime = path.cut(List.of(alice), LONG);
      nanos.set(Duration.ofMillis(2900).toNanos());
      Files.createFile(go);
      assertThat(atWork).allSatisfy(one -> assertThat(ended(one)).isEqualTo(new DataPath.Cut()));
      assertThat(ended(late))
          .isEqualTo(new DataPath.NotCut("2900 ms were over before its turn came"));
      assertThat(ended(inTime)).isEqualTo(new DataPath.Cut());
    }
    assertThat(Files.readAllLines(runs)).hasSize(CommandDataPath.MOST_AT_ONCE + 1);
  }

  @Test
  void oneThatRunsHasNoLongerThanSomebodyWaits() {
    try (CommandDataPath path = path("exec sleep 60", LONG, SubscriberRecord::id, () -> 0)) {
      assertThat(ended(path.cut(List.of(alice), Duration.ofMillis(300))))
          .isEqualTo(new DataPath.NotCut("no end within 300 ms"));
    }
  }

  @Test
  void aCommandNeedNotReadWhatItGets() {
    String large = "x".repeat(1 << 20);
    assertThat(cut(record -> large, 1, "exit 0")).isInstanceOf(DataPath.Cut.class);
  }

  @Test
  void saysThatThereIsNoSuchProgram() {
    try (CommandDataPath path =
        new CommandDataPath(
            List.of("/no/such/program"), Duration.ofSeconds(1), SubscriberRecord::id)) {
      assertThat(ended(path.cut(List.of(alice), LONG)))
          .isInstanceOfSatisfying(
              DataPath.NotCut.class,
              notCut ->
                  assertThat(notCut.reason()).startsWith("\"/no/such/program\" cannot be started"));
    }
  }

  private DataPath.Result cut(
      Function<SubscriberRecord, String> json, int sessions, String script) {
    try (CommandDataPath path = path(script, LONG, json, () -> 0)) {
      return ended(path.cut(Collections.nCopies(sessions, alice), LONG));
    }
  }

  private static CommandDataPath path(
      String script,
      Duration timeout,
      Function<SubscriberRecord, String> json,
      LongSupplier clock) {
    return path(script, timeout, json, clock, CommandDataPathTest::start);
  }

  private static CommandDataPath path(
      String script,
      Duration timeout,
      Function<SubscriberRecord, String> json,
      LongSupplier clock,
      CommandDataPath.Attendants attendants) {
    return new CommandDataPath(List.of("/bin/sh", "-c", script), timeout, json, clock, attendants);
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static DataPath.Result ended(CompletionStage<DataPath.Result> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
