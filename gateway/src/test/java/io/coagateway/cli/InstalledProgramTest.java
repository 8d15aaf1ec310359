package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /usr/bin/coa-gateway} of the package hands to Java. */
class InstalledProgramTest {
  @TempDir Path directory;

  /** The state directory that Java would see. */
  private String stateDirectory(String given, String... arguments) throws Exception {
    Path program = directory.resolve("coa-gateway");
    String text = Files.readString(Path.of("src/deb/coa-gateway"));
    Files.writeString(program, text.replace("/usr/bin/java", "printenv STATE_DIRECTORY # "));
    List<String> command = new ArrayList<>(List.of("sh", program.toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("STATE_DIRECTORY");
    if (!given.isEmpty()) {
      builder.environment().put("STATE_DIRECTORY", given);
    }
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out.strip();
  }

  @Test
  void commandsAboutTheServicesConfigurationFindItsState() throws Exception {
    assertThat(stateDirectory("", "table", "recover")).isEqualTo("/var/lib/coa-gateway");
    assertThat(stateDirectory("", "check-config", "--show")).isEqualTo("/var/lib/coa-gateway");
    assertThat(stateDirectory("/srv/state", "table", "recover")).isEqualTo("/srv/state");
  }

  @Test
  void whatHasAConfigurationOfItsOwnHasNothingOfTheServices() throws Exception {
    assertThat(stateDirectory("", "table", "--config", "x.yaml", "recover")).isEmpty();
    assertThat(stateDirectory("", "run")).isEmpty();
    assertThat(stateDirectory("", "demo")).isEmpty();
    assertThat(stateDirectory("")).isEmpty();
  }

  @Test
  void theServiceIsStartedAgainForEver() throws Exception {
    String unit = Files.readString(Path.of("src/deb/coa-gateway.service"));
    int service = unit.indexOf("\n[Service]\n");
    assertThat(unit.substring(0, service))
        .as("systemd reads it in no other section")
        .contains("\nStartLimitIntervalSec=0\n");
    assertThat(unit.substring(service)).contains("\nRestart=on-failure\n");
  }
}
