package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine line = Main.commandLine(() -> false);
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  static List<String> commands() {
    List<String> names = new ArrayList<>();
    collect("", Main.commandLine(() -> false), names);
    return names;
  }

  /** Like {@code table find}, at any depth. */
  private static void collect(String parents, CommandLine command, List<String> names) {
    command
        .getSubcommands()
        .forEach(
            (name, line) -> {
              names.add(parents + name);
              collect(parents + name + " ", line, names);
            });
  }

  @Test
  void theCommandsAreThoseThatTheReadmeNames() {
    assertThat(Main.commandLine(() -> false).getSubcommands().keySet())
        .contains("run", "demo", "check-config", "table", "learn", "send", "simulate-server")
        .contains("decode");
    assertThat(commands()).contains("table find", "decode radius", "decode dhcpv6");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    String[] args = (command + " --help").split(" ", -1);
    assertThat(run(args)).isZero();
    assertThat(out.toString()).startsWith("Usage: coa-gateway " + command);
  }

  @ParameterizedTest
  @DisplayName("A mistake in the arguments is the first line, and the screen ends with it (exit 2)")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "simulate-server --listn=x | Unknown option: '--listn=x' | simulate-server",
        "simulate-server --listen=x | Invalid value for option '--listen': | simulate-server",
        "table find | Missing required parameter: 'ATTR=VALUE' | table find",
        "send coa --to=127.0.0.1 User-Name=a | Error: Missing required argument | send",
        "decode radius | Missing required parameter: 'HEX' | decode radius"
      })
  void aMistakeIsNotBuriedUnderTheHelp(String arguments, String mistake, String command) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(mistake)
        .endsWith("Help: coa-gateway " + command + " --help\n")
        .doesNotContain("Exit codes");
    assertThat(err.toString().lines().count()).isLessThanOrEqualTo(3);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("Without a command that there is, those that there are (exit 2)")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nosuch | Unmatched argument at index 0: 'nosuch'",
        "table nosuch | Unmatched argument at index 1: 'nosuch'",
        "table | Usage: coa-gateway table"
      })
  void whoNamesNoCommandIsToldTheCommands(String arguments, String mistake) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith(mistake).contains("Commands:");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTellsTheVersion(String command) {
    assertThat(run((command + " --version").split(" ", -1))).isZero();
    assertThat(out.toString()).startsWith("coa-gateway ");
  }

  @Test
  void versionNamesProgramJvmAndTransport() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString())
        .startsWith("coa-gateway ")
        .contains("Java " + Runtime.version().feature())
        .containsPattern("Netty transport (epoll|nio)");
  }

  @Test
  void checkConfigShowsTheMappingInNames() {
    assertThat(run("check-config", "--show", "--config", "../conf/gateway.yaml")).isZero();
    assertThat(out.toString())
        .contains("#   DS-Lite-Tunnel-Name -> AFTR_NAME as fqdn (RFC 6519")
        .contains(
            "#   Softwire46-Configuration -> S46_CONT_MAPE, S46_CONT_MAPT, S46_CONT_LW as one");
  }

  /** Where commands are listed, only the first line of a description is shown. */
  @Test
  void everyCommandIsListedWithAWholeSentence() {
    assertThat(withSubcommands(Main.commandLine(() -> false)))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            command ->
                assertThat(command.getCommandSpec().usageMessage().description()[0])
                    .as(command.getCommandName())
                    .matches("[A-Z].*\\."));
  }

  /** Scripts rely on them. */
  @Test
  void everyCommandThatDoesSomethingNamesItsExitCodes() {
    assertThat(
            withSubcommands(Main.commandLine(() -> false))
                .filter(c -> c.getSubcommands().isEmpty()))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            command -> {
              UsageMessageSpec usage = command.getCommandSpec().usageMessage();
              assertThat(usage.exitCodeListHeading())
                  .as(command.getCommandName())
                  .isEqualTo("%nExit codes:%n");
              assertThat(usage.exitCodeList().keySet())
                  .as(command.getCommandName())
                  .contains(command.getCommandName().equals("simulate-server") ? "130, 143" : "0");
            });
  }

  @Test
  void everyOptionIsExplainedInSentences() {
    assertThat(
            withSubcommands(Main.commandLine(() -> false))
                .flatMap(command -> command.getCommandSpec().args().stream()))
        .hasSizeGreaterThan(50)
        .allSatisfy(
            argument ->
                assertThat(String.join(" ", argument.description()))
                    .as(argument.paramLabel() + " of " + argument.command().name())
                    .matches("(?s)[^a-z].*\\."));
  }

  private static Stream<CommandLine> withSubcommands(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(MainTest::withSubcommands));
  }

  /** As on a full disk, or when {@code head} has read enough. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "decode dhcpv6 0b0a0b0c",
        "check-config --show --config ../conf/gateway.yaml",
        "table --help",
        "--version"
      })
  void whatCannotBePrintedIsNoSuccess(String command) throws IOException {
    CommandLine line = Main.commandLine(() -> false);
    Writer closed = Writer.nullWriter();
    closed.close();
    line.setOut(new PrintWriter(closed, true));
    line.setErr(new PrintWriter(err, true));
    assertThat(line.execute(command.split(" ", -1))).isEqualTo(1);
    assertThat(err.toString().lines().filter(l -> !l.startsWith("warning: ")))
        .containsExactly(
            "coa-gateway: the output was closed or is full: not all of it was printed");
  }

  /** Of head, which goes when it has enough, nobody wants to hear. */
  @Test
  void ofAReaderThatHasGoneNothingIsSaid() throws IOException {
    CommandLine line = Main.commandLine(() -> true);
    Writer closed = Writer.nullWriter();
    closed.close();
    line.setOut(new PrintWriter(closed, true));
    line.setErr(new PrintWriter(err, true));
    assertThat(line.execute("--version")).isEqualTo(1);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void onlyAPipeHasAReader(@TempDir Path directory) throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(StandardOutput.isRead(pipe)).isTrue();
    assertThat(List.of("/dev/full", "/dev/null", directory.toString(), directory + "/nothing"))
        .noneMatch(other -> StandardOutput.isRead(Path.of(other)));
  }

  /** The stream remembers for ever that a line of the log was lost once. */
  @ParameterizedTest
  @CsvSource({"run, false", "check-config, true", "table export, true", "'', true"})
  void aCleanStopIsOneWhateverBecameOfTheLog(String command, boolean isForItsOutput) {
    String[] words = command.isEmpty() ? new String[0] : command.split(" ", -1);
    assertThat(Main.isForItsOutput(Main.commandLine(() -> false).parseArgs(words)))
        .isEqualTo(isForItsOutput);
  }

  @Test
  void aVerdictOutlivesAnOutputThatCannotBePrinted() throws IOException {
    CommandLine line = Main.commandLine(() -> false);
    Writer closed = Writer.nullWriter();
    closed.close();
    line.setOut(new PrintWriter(closed, true));
    line.setErr(new PrintWriter(err, true));
    assertThat(line.execute("check-config", "--config", "no-such-file")).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("the output was closed");
  }

  @Test
  void withoutACommandItSaysWhatThereIs() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Which command?").contains("demo");
  }

  @Test
  void aWrongOptionIsOneLineAndTheUsage() {
    assertThat(run("demo", "--no-such")).isEqualTo(2);
    assertThat(err.toString()).startsWith("Unknown option: '--no-such'");
  }

  /**
   * As Java 17 gives a UTF-8 name in the C locale; the words must not fall silently short of it.
   */
  @ParameterizedTest
  @CsvSource({
    "3, table find User-Name=m\ufffd\ufffdller --database=jdbc:sqlite::memory: --nas=nas1",
    "3, table show m\ufffd\ufffdller --database=jdbc:sqlite::memory: --nas=nas1",
    "3, table remove m\ufffd\ufffdller --database=jdbc:sqlite::memory: --nas=nas1",
    "5, table find User-Name=alice --database=jdbc:sqlite::memory: --nas=m\ufffd\ufffdller",
    "4, send disconnect --to=127.0.0.1:9 --secret=m\ufffd\ufffdller --retries=0 User-Name=alice",
    "6, send disconnect --to=[::1]:9 --secret=s --retries=0 User-Name=m\ufffd\ufffdller",
  })
  void anArgumentThatTheLocaleCannotReadIsRefused(int argument, String command) {
    assertThat(run(command.split(" ", -1))).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("argument " + argument + " cannot be read as ")
        .endsWith("set LC_ALL=C.UTF-8\n")
        .hasLineCount(1)
        .doesNotContain("ller");
  }
}
