package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.subscriber.SubscriberRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void saysExitCodeAndFirstWords() {
    assertThat(cut(SubscriberRecord::id, 1, "echo no such session >&2; echo more >&2; exit 3"))
        .isEqualTo(new DataPath.NotCut("exit code 3 no such session"));
  }

  @Test
  void killsOneThatDoesNotEnd() {
    assertThat(cut(SubscriberRecord::id, 1, "exec sleep 60"))
        .isEqualTo(new DataPath.NotCut("no end within 300 ms"));
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
    Duration timeout = script.contains("sleep") ? Duration.ofMillis(300) : LONG;
    try (CommandDataPath path = path(script, timeout, json, () -> 0)) {
      return ended(path.cut(Collections.nCopies(sessions, alice), LONG));
    }
  }

  private static CommandDataPath path(
      String script,
      Duration timeout,
      Function<SubscriberRecord, String> json,
      LongSupplier clock) {
    return new CommandDataPath(List.of("/bin/sh", "-c", script), timeout, json, clock);
  }

  private static DataPath.Result ended(CompletionStage<DataPath.Result> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
