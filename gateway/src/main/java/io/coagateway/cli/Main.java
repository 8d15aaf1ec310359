package io.coagateway.cli;

import io.coagateway.app.Transport;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry: finds the command, runs it, exits with its code. */
@Command(
    name = "coa-gateway",
    description = "RADIUS dynamic authorization (RFC 5176) for DHCPv6 subscribers.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      CheckConfigCommand.class,
      TableCommand.class,
      LearnCommand.class,
      SendCommand.class,
      SimulateServerCommand.class,
      DecodeCommand.class
    },
    footer = {"", "Start with: coa-gateway demo"})
public final class Main implements Runnable {
  /** The exit code for arguments in another encoding than the locale's. */
  private static final int NOT_DECODED = 2;

  /** The exit code of a command that has succeeded, but not told all of it. */
  private static final int NOT_PRINTED = 1;

  private static final char REPLACEMENT = '\ufffd';

  @Spec private CommandSpec spec;

  Main() {}

  /** Runs one command. */
  public static void main(String[] args) {
    CommandLine line = commandLine(StandardOutput::hasReader);
    System.exit(line.setOut(utf8(System.out)).setErr(utf8(System.err)).execute(args));
  }

  /**
   * UTF-8 whatever the locale: JSON is UTF-8 (RFC 8259 section 8.1), and a table that cron exports
   * in the C locale must be the table. Built on the stream itself, so that a full disk is noticed.
   */
  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /**
   * All commands, as the program and the tests use them.
   *
   * @param hasReader whether it is another program that takes the output, and may have gone
   */
  static CommandLine commandLine(BooleanSupplier hasReader) {
    CommandLine line = new CommandLine(new Main());
    line.getSubcommands().values().forEach(Main::giveHelp);
    line.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          // what gets here is a defect of ours: a person's mistake is told by its command
          command.getErr().println("coa-gateway: unexpected: " + exception);
          exception.printStackTrace(command.getErr());
          return 1;
        });
    line.setParameterExceptionHandler((exception, arguments) -> mistaken(exception));
    line.setExecutionStrategy(
        parsed ->
            isDecoded(parsed, line.getErr())
                ? printed(new RunLast().execute(parsed), parsed, line, hasReader)
                : NOT_DECODED);
    return line;
  }

  /**
   * What is wrong, and where help is: the help of a command is longer than a screen, and what is
   * wrong would be above it. Who names no command, or none that there is, gets the list of them.
   */
  private static int mistaken(ParameterException mistake) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(mistake.getMessage());
    if (!command.getSubcommands().isEmpty()) {
      command.usage(err);
    } else {
      UnmatchedArgumentException.printSuggestions(mistake, err);
      err.println("Help: " + command.getCommandSpec().qualifiedName() + " --help");
    }
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /**
   * A full disk, or a reader that has gone, is no success; any other exit code stays. Of a reader
   * like head, which goes when it has enough, nothing is said, as nobody else does who ends by
   * SIGPIPE.
   */
  private static int printed(
      int exitCode, ParseResult parsed, CommandLine line, BooleanSupplier hasReader) {
    if (exitCode != 0 || !isForItsOutput(parsed) || !line.getOut().checkError()) {
      return exitCode;
    }
    if (!hasReader.getAsBoolean()) {
      line.getErr()
          .println("coa-gateway: the output was closed or is full: not all of it was printed");
    }
    return NOT_PRINTED;
  }

  /** All but {@code run}: what it writes is its log, of which lines may be lost any time. */
  static boolean isForItsOutput(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return !(last.commandSpec().userObject() instanceof RunCommand);
  }

  /**
   * Java takes arguments in the locale's encoding, and puts a replacement character for what is
   * none: a name, id or secret with one in it would be another than was given. The argument is
   * counted and not repeated, as it may be the secret.
   */
  private static boolean isDecoded(ParseResult parsed, PrintWriter err) {
    List<String> arguments = parsed.originalArgs();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).indexOf(REPLACEMENT) >= 0) {
        err.printf(
            "argument %d cannot be read as %s. Give it as UTF-8, and set LC_ALL=C.UTF-8%n",
            i + 1, System.getProperty("sun.jnu.encoding"));
        return false;
      }
    }
    return true;
  }

  private static void giveHelp(CommandLine command) {
    if (command.getCommandSpec().findOption("--help") == null) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
    }
    command.getCommandSpec().versionProvider(new Version()); // each has --version
    command.getSubcommands().values().forEach(Main::giveHelp);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** {@code --version}: program, JVM, Netty's transport. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "coa-gateway " + version(),
        "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")",
        "Netty transport " + Transport.inUse()
      };
    }
  }

  /** From the jar's manifest; what was not packaged has none. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
