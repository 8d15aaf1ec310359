package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /usr/bin/coa-gateway} of the package hands to Java. */
class InstalledProgramTest {
  @TempDir Path directory;

  /** The state directory that Java would see. */
  private String stateDirectory(String given, String... arguments) throws Exception {
    return out(
        "printenv STATE_DIRECTORY # ",
        given.isEmpty() ? Map.of() : Map.of("STATE_DIRECTORY", given),
        arguments);
  }

  /** What {@code inPlaceOfJava} says where Java would be started. */
  private String out(String inPlaceOfJava, Map<String, String> environment, String... arguments)
      throws Exception {
    Path program = directory.resolve("coa-gateway");
    String text = Files.readString(Path.of("src/deb/coa-gateway"));
    Files.writeString(program, text.replace("/usr/bin/java", inPlaceOfJava));
    List<String> command = new ArrayList<>(List.of("sh", program.toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeAll(List.of("STATE_DIRECTORY", "CACHE_DIRECTORY", "JAVA_OPTIONS"));
    builder.environment().putAll(environment);
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
  void whatTheServiceCannotBeWithoutStaysWhateverJavaOptionsSays() throws Exception {
    Map<String, String> unit =
        Map.of(
            "CACHE_DIRECTORY",
            "/var/cache/coa-gateway",
            "JAVA_OPTIONS",
            "-Xmx1g -Djava.io.tmpdir=/srv/libraries");
    assertThat(out("printf '%s\\n'", unit, "run", "--config", "a b").lines())
        .containsSubsequence(
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.io.tmpdir=/var/cache/coa-gateway",
            "-Xmx1g",
            "-Djava.io.tmpdir=/srv/libraries", // the later one holds
            "-jar",
            "run",
            "--config",
            "a b");
    assertThat(Files.readString(Path.of("src/deb/coa-gateway.service")))
        .contains("\nCacheDirectory=coa-gateway\n");
  }

  @Test
  void theServiceRemovesTheLibrariesThatAKilledOneHasLeft() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    String library = "sqlite-3.54.1.0-026763b7-0c58-4fa2-b470-8182730f0268-libsqlitejdbc.so";
    Files.createFile(cache.resolve(library));
    Files.createFile(cache.resolve(library + ".lck"));
    Path other = Files.createFile(cache.resolve("somebody's"));
    Map<String, String> unit = Map.of("CACHE_DIRECTORY", cache.toString());
    out("true", unit, "check-config"); // at a reload, beside the gateway that runs
    assertThat(cache.resolve(library)).exists();
    out("true", unit, "run");
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).containsExactly(other);
    }
  }

  @Test
  void otherCommandsHaveFlagsOfTheirOwn() throws Exception {
    assertThat(out("printf '%s\\n'", Map.of(), "table", "list").lines())
        .contains("-XX:TieredStopAtLevel=1")
        .doesNotContain("")
        .noneMatch(word -> word.contains("tmpdir") || word.contains("OutOfMemory"));
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
