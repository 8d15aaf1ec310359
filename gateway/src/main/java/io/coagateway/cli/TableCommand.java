package io.coagateway.cli;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.GatewayConfig;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.subscriber.TableTransfer;
import io.coagateway.subscriber.TableUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code table}: the subscriber table from the outside, while a gateway may be running. */
@Command(
    name = "table",
    description = {
      "Reads and writes the subscriber table, as one JSON object a line. Works while the gateway runs."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      TableImportCommand.class,
      TableExportCommand.class,
      TableFindCommand.class,
      TableShowCommand.class,
      TableRemoveCommand.class,
      TableRecoverCommand.class
    })
final class TableCommand implements Callable<Integer> {
  /** Nothing was found. */
  static final int NOTHING_FOUND = 1;

  /** The input, the configuration or the database will not do. */
  static final int BAD_INPUT = 2;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The configuration, by default ${DEFAULT-VALUE}.")
  private Path config = GatewayConfig.DEFAULT_FILE;

  @Option(
      names = "--database",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "The table's database instead of the configuration's subscribers.database, like"
              + " jdbc:sqlite:subscribers.db or jdbc:postgresql://host/database (user and password from"
              + " PGUSER and PGPASSWORD); together with --nas, no configuration is read.")
  private Optional<String> database = Optional.empty();

  @Option(
      names = "--nas",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description =
          "The NAS whose records are meant, instead of the configuration's nas.identifier.")
  private Optional<String> nas = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return BAD_INPUT;
  }

  /**
   * What a subcommand works with.
   *
   * @param transfer the table
   * @param attributes the dictionaries in force
   * @param nas the NAS that is meant; empty for any
   * @param duidAttributes which attributes of a session hold the client's DUID
   */
  record Access(
      TableTransfer transfer,
      AttributeDictionary attributes,
      String nas,
      List<AttributeId> duidAttributes) {}

  /** The work of a subcommand. */
  @FunctionalInterface
  interface Work {
    int with(Access access) throws TableUnavailableException, IOException;
  }

  /** The configuration file that was named, or the default. */
  Path configuration() {
    return config;
  }

  /** Opens the table, does the work, closes it; says in one line what will not do. */
  int open(CommandLine command, Work work) {
    PrintWriter err = command.getErr();
    try {
      return openOrFail(err, work);
    } catch (ConfigurationException e) {
      e.problems().forEach(err::println);
    } catch (TableUnavailableException e) {
      err.println(e.getMessage());
    } catch (IOException e) {
      err.println("cannot read or write: " + e.getMessage());
    } finally {
      command.getOut().flush();
      err.flush();
    }
    return BAD_INPUT;
  }

  private int openOrFail(PrintWriter err, Work work)
      throws ConfigurationException, TableUnavailableException, IOException {
    TablePlace place = TablePlace.of(config, database, nas);
    List<AttributeId> duids =
        place.configuration().map(c -> c.accounting().duidAttributes()).orElse(List.of());
    try (TableTransfer transfer = place.open(err)) {
      return work.with(new Access(transfer, place.attributes(), place.nas(), duids));
    }
  }
}
