package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Command;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scripts beside this module say of themselves, without doing anything. */
class ScriptsIT {
  private static Command.Result run(String script, String arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(script).toAbsolutePath().toString());
    command.addAll(List.of(arguments.split(" ")));
    return Command.run(Place.HERE, Path.of("."), "", Duration.ofSeconds(20), command);
  }

  @ParameterizedTest
  @Needs("python3")
  @DisplayName("--help tells what the script is for, and exits with 0")
  @CsvSource({
    "lab, A small ISP out of network namespaces",
    "test, Passes all tests",
    "capture-vectors, Captures DHCPv6 packets of real peers",
    "package-trial, Tries the Debian package"
  })
  void helpIsGivenAndNothingElseIsDone(String script, String purpose) {
    Command.Result result = run(script, "--help");
    assertThat(result.exit()).as(result.everything()).isZero();
    assertThat(result.out()).startsWith(purpose).contains("integration-tests/" + script);
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @Needs("python3")
  @DisplayName("An argument that is none: said on stderr, with what there is")
  @CsvSource({
    "lab, upp, lab up [kea|isc], 2",
    "lab, shell kitchen, subscriber|nas|server|aaa, 2",
    "capture-vectors, --scenario, Scenarios: dhclient-kea, 2",
    "capture-vectors, /nonexistent/vectors nosuch, there are dhclient-kea, 1",
    "package-trial, --nosuch, [--mirror URL], 2"
  })
  void whatCannotBeDoneIsSaid(String script, String arguments, String said, int exit) {
    Command.Result result = run(script, arguments);
    assertThat(result.exit()).as(result.everything()).isEqualTo(exit);
    assertThat(result.err()).contains(said);
    assertThat(result.out()).isEmpty();
  }
}
