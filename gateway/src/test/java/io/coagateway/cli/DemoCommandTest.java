package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, which gets a signal. */
class DemoCommandTest {
  private static final String DEMONSTRATIONS = "glob:**/coa-gateway-demo*";

  @TempDir Path temporary;

  @Test
  void leavesNothingBehindWhenASignalEndsIt() throws IOException, InterruptedException {
    Process demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo",
                "--stay")
            .redirectErrorStream(true)
            .start();
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
}
