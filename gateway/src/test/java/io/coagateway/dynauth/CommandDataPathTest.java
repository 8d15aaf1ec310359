package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.subscriber.SubscriberRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandDataPathTest {
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
  void aCommandNeedNotReadWhatItGets() {
    String large = "x".repeat(1 << 20);
    assertThat(cut(record -> large, 1, "exit 0")).isInstanceOf(DataPath.Cut.class);
  }

  @Test
  void saysThatThereIsNoSuchProgram() {
    try (CommandDataPath path =
        new CommandDataPath(
            List.of("/no/such/program"), Duration.ofSeconds(1), SubscriberRecord::id)) {
      assertThat(path.cut(List.of(alice)).toCompletableFuture().join())
          .isInstanceOfSatisfying(
              DataPath.NotCut.class,
              notCut ->
                  assertThat(notCut.reason()).startsWith("\"/no/such/program\" cannot be started"));
    }
  }

  private DataPath.Result cut(
      java.util.function.Function<SubscriberRecord, String> json, int sessions, String script) {
    Duration timeout = Duration.ofMillis(script.contains("sleep") ? 300 : 20_000);
    try (CommandDataPath path =
        new CommandDataPath(List.of("/bin/sh", "-c", script), timeout, json)) {
      return path.cut(java.util.Collections.nCopies(sessions, alice))
          .toCompletableFuture()
          .orTimeout(30, TimeUnit.SECONDS)
          .join();
    }
  }
}
