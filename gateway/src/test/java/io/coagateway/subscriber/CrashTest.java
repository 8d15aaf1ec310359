package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a process that is killed leaves behind, and what the next one makes of it. */
@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class CrashTest {
  private static final int SUBSCRIBERS = 30;

  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private TestDatabase database;

  @BeforeEach
  void makeDatabase() {
    database = kind.in(directory);
  }

  /**
   * The process that is killed: a third of its changes acknowledged, a third put back, a third
   * pending.
   */
  static final class Victim {
    private Victim() {}

    /** Says "ready" when all that it promises is durable, then goes on writing until killed. */
    public static void main(String[] args) throws Exception {
      SubscriberTable table = TestDatabase.at(args[0]).open();
      List<OptionChange> changes = new ArrayList<>();
      for (int n = 0; n < SUBSCRIBERS; n++) {
        changes.add(new OptionChange(await(table.put(subscriber(n))), options("new" + n)));
      }
      List<PendingChange> pending = await(table.begin(changes));
      await(table.confirm(pending.subList(0, 10)));
      await(table.rollBack(pending.subList(10, 20)));
      System.out.println("ready");
      for (int i = 0; ; i++) {
        SubscriberRecord record = await(table.get(NAS, "port-0")).orElseThrow();
        await(
            table.confirm(
                await(table.begin(List.of(new OptionChange(record, options("more" + i)))))));
      }
    }
  }

  private void runAndKill() throws IOException, InterruptedException {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + directory, // who is killed removes no library of SQLite's
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                database.url())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.lines().anyMatch("ready"::equals)).isTrue(); // log lines come before it
    } finally {
      victim.destroyForcibly(); // SIGKILL
    }
    assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void losesNothingAcknowledgedAndGoesForwardWithWhatWasPending() throws Exception {
    runAndKill();
    try (SubscriberTable table = database.open()) {
      List<String> found =
          table.foundAtStart().stream().map(change -> change.base().id()).sorted().toList();
      assertThat(found.stream().filter(id -> !id.equals("port-0")))
          .containsExactlyElementsOf(
              java.util.stream.IntStream.range(20, SUBSCRIBERS)
                  .mapToObj(n -> "port-" + n)
                  .toList());
      for (int n = 1; n < SUBSCRIBERS; n++) {
        boolean putBack = n >= 10 && n < 20;
        SubscriberRecord record = await(table.find(byUser("user" + n + "@example.net"), 2)).get(0);
        assertThat(record.options())
            .as("port-" + n)
            .isEqualTo(options(putBack ? "aftr.example.net" : "new" + n));
      }
      await(table.confirm(table.foundAtStart()));
      assertThat(database.ask("SELECT count(*) FROM pending WHERE state <> 1")).isEqualTo("0");
      assertThat(database.integrity()).isEqualTo("ok");
    }
  }

  @Test
  void asksForARepetitionAgainWhenItDiesBeforeItWasMade() throws Exception {
    runAndKill();
    List<PendingChange> first;
    try (SubscriberTable table = database.open()) {
      first = table.foundAtStart();
    }
    try (SubscriberTable table = database.open()) {
      assertThat(table.foundAtStart()).isEqualTo(first).isNotEmpty();
      await(table.rollBack(table.foundAtStart())); // the way is forward: the options stay
      assertThat(await(table.get(NAS, "port-25")).orElseThrow().options())
          .isEqualTo(options("new25"));
      assertThat(database.ask("SELECT count(*) FROM pending")).isEqualTo("0");
    }
  }
}
