package io.coagateway.cli;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.GatewayConfig;
import io.coagateway.learn.BindingLearner;
import io.coagateway.learn.CaptureFeed;
import io.coagateway.learn.LearnParameters;
import io.coagateway.learn.TransferWriter;
import io.coagateway.subscriber.TableTransfer;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code learn}: exit 0, or 2 when configuration, capture or database will not do. */
@Command(
    name = "learn",
    description = {
      "Fills the subscriber table from a capture of the messages between DHCPv6 relay and server."
          + " Works while the gateway runs.",
      "Live:",
      "  tcpdump -i any -U --immediate-mode -w - udp port 547 |",
      "    coa-gateway learn --pcap -",
      "The gateway can run the capture by itself, too: learn.capture in the configuration."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the capture was read to its end",
      "2:configuration, capture or database will not do",
      "130, 143:SIGINT (Ctrl-C), SIGTERM; what was learned until then is in the table"
    })
final class LearnCommand implements Callable<Integer> {
  private static final int BAD_INPUT = 2;

  @Option(
      names = "--pcap",
      paramLabel = "FILE",
      required = true,
      description = "The capture, pcap or pcapng; - reads stdin, live or not.")
  private String file;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, by default ${DEFAULT-VALUE}.")
  private Path config = GatewayConfig.DEFAULT_FILE;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "The table's database instead of the configuration's subscribers.database; together with"
              + " --nas, no configuration is read.")
  private Optional<String> database = Optional.empty();

  @Option(
      names = "--nas",
      paramLabel = "NAME",
      description = "The NAS of new records, instead of the configuration's nas.identifier.")
  private Optional<String> nas = Optional.empty();

  @Option(
      names = "--server",
      paramLabel = "ADDRESS",
      converter = Converters.Address.class,
      description =
          "Whose RELAY-REPL is believed, instead of the configuration's learn.servers. May be repeated."
              + " Without a configuration and without this: anybody's.")
  private List<Ipv6Address> servers = new ArrayList<>();

  @Option(
      names = "--keep-expired",
      description =
          "Takes leases that are over by now too, and leaves their end open: for trying with an old"
              + " capture.")
  private boolean keepExpired;

  @Option(names = "--verbose", description = "Names each record, and each thing that is skipped.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return learn(TablePlace.of(config, database, nas), err);
    } catch (ConfigurationException e) {
      e.problems().forEach(err::println);
    } catch (TableUnavailableException | IOException e) {
      err.println(e.getMessage());
    } finally {
      spec.commandLine().getOut().flush();
      err.flush();
    }
    return BAD_INPUT;
  }

  private Predicate<Ipv6Address> believed(TablePlace place) {
    if (!servers.isEmpty()) {
      return servers::contains;
    }
    return place
        .configuration()
        .<Predicate<Ipv6Address>>map(c -> c.learn()::isServer)
        .orElse(address -> true);
  }

  private int learn(TablePlace place, PrintWriter err)
      throws TableUnavailableException, IOException {
    if (!file.equals("-")
        && (!Files.isReadable(Path.of(file)) || Files.isDirectory(Path.of(file)))) {
      err.println('"' + file + "\" cannot be read. Give a file of tcpdump -w, or - for stdin");
      return BAD_INPUT;
    }
    LearnSummary summary = new LearnSummary(verbose ? err : null);
    try (TableTransfer transfer = place.open(err)) {
      TransferWriter writer =
          new TransferWriter(transfer, place.nas(), InstantSource.system(), keepExpired, summary);
      CaptureFeed feed =
          new CaptureFeed(
              summary,
              new BindingLearner(LearnParameters.DEFAULT, believed(place), writer, summary));
      Runnable interrupted = () -> summary.print(feed.frames(), spec.commandLine().getOut());
      Thread atEnd = new Thread(interrupted, "summary");
      Runtime.getRuntime().addShutdownHook(atEnd);
      String broken = read(feed);
      Runtime.getRuntime().removeShutdownHook(atEnd);
      summary.print(feed.frames(), spec.commandLine().getOut());
      if (!broken.isEmpty()) {
        err.println((file.equals("-") ? "stdin" : file) + " " + broken);
        return BAD_INPUT;
      }
      if (writer.failure().isPresent()) {
        err.println(writer.failure().get());
        return BAD_INPUT;
      }
      return 0;
    }
  }

  /** Reads all; says what is wrong with the capture. */
  private String read(CaptureFeed feed) throws IOException {
    try (InputStream stream = file.equals("-") ? System.in : new FileInputStream(file)) {
      feed.read(stream);
      return "";
    } catch (MalformedException e) {
      return e.getMessage();
    }
  }
}
