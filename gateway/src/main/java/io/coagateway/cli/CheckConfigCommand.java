package io.coagateway.cli;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.GatewayConfig;
import io.coagateway.config.Problem;
import io.coagateway.config.Setting;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.mapping.MappingRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code check-config}: all problems of a configuration at once, one a line on stderr, exit 2; or
 * {@code OK}, exit 0. It writes nothing and opens no port.
 */
@Command(
    name = "check-config",
    description = "Names all problems of a configuration at once.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:it can be used; there may be warnings", "2:it cannot be used"})
final class CheckConfigCommand implements Callable<Integer> {
  /** The configuration cannot be used. */
  static final int BAD_CONFIGURATION = 2;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, by default ${DEFAULT-VALUE}.")
  private Path file = GatewayConfig.DEFAULT_FILE;

  @Option(
      names = "--show",
      description = "Prints every setting and mapping row in force; secrets stay hidden.")
  private boolean show;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      GatewayConfig config = GatewayConfig.check(file);
      print(err, "warning: ", config.warnings());
      if (show) {
        show(out, config);
      }
      out.println(file + ": OK" + count(config.warnings(), "warning"));
      return 0;
    } catch (ConfigurationException e) {
      print(err, "", e.problems());
      print(err, "warning: ", e.warnings());
      err.println(file + ": refused" + count(e.problems(), "problem"));
      return BAD_CONFIGURATION;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static void print(PrintWriter to, String before, List<Problem> problems) {
    problems.forEach(problem -> to.println(before + problem));
  }

  private static String count(List<Problem> problems, String what) {
    return switch (problems.size()) {
      case 0 -> "";
      case 1 -> ", 1 " + what;
      default -> ", " + problems.size() + " " + what + "s";
    };
  }

  private static void show(PrintWriter out, GatewayConfig config) {
    for (Setting setting : config.settings()) {
      String origin = setting.origin() == Setting.Origin.DEFAULT ? "   # default" : "";
      out.println(setting.keyPath() + ": " + setting.value() + origin);
    }
    out.println("# mapping in force:");
    for (MappingRow row : config.mapping().rows()) {
      out.println(
          "#   "
              + config.attributes().nameOf(row.attribute())
              + " -> "
              + (row.options().isEmpty()
                  ? "the options inside"
                  : row.options().stream()
                      .map(number -> OptionCode.of(number).toString())
                      .collect(Collectors.joining(", ")))
              + " as "
              + row.form()
              + " ("
              + row.source()
              + ")");
    }
  }
}
