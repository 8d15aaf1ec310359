package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, which gets a signal. */
class DemoCommandTest {
  private static final String DEMONSTRATIONS = "glob:**/coa-gateway-demo*";

  @TempDir Path temporary;

  @Test
  void leavesNothingBehindWhenASignalEndsIt() throws IOException, InterruptedException {
    Process demo = start("-Djava.io.tmpdir=" + temporary, "--stay");
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.lines().anyMatch("Ctrl-C ends it."::equals)).isTrue();
      assertThat(temporary).isDirectoryContaining(DEMONSTRATIONS);
      demo.destroy(); // SIGTERM
      assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      demo.destroyForcibly();
    }
    assertThat(temporary).isDirectoryNotContaining(DEMONSTRATIONS);
  }

  @Test
  void saysWhatToDoWhereNoNativeLibraryCanBeLoaded() throws IOException, InterruptedException {
    Path unusable = Files.createFile(temporary.resolve("no-directory"));
    Process demo = start("-Dorg.sqlite.tmpdir=" + unusable);
    String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).isEqualTo(1);
    assertThat(out)
        .contains(
            "subscribers.db\": SQLite's native library cannot be loaded from "
                + unusable
                + ", where it is unpacked. That must be writable and not mounted noexec: give Java"
                + " another directory by -Djava.io.tmpdir=DIRECTORY")
        .doesNotContain("StartException");
  }

  private static Process start(String property, String... options) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add(property);
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(Main.class.getName(), "demo"));
    words.addAll(List.of(options));
    return new ProcessBuilder(words).redirectErrorStream(true).start();
  }
}
