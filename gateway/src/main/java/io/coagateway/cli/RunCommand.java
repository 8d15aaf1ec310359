package io.coagateway.cli;

import io.coagateway.app.GatewayProcess;
import io.coagateway.app.LogSetup;
import io.coagateway.app.Observers;
import io.coagateway.app.SdNotify;
import io.coagateway.app.StartException;
import io.coagateway.app.Transport;
import io.coagateway.config.ConfigurationException;
import io.coagateway.config.GatewayConfig;
import io.coagateway.config.Problem;
import io.coagateway.wire.AddressText;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The gateway, in the foreground, logging to stdout. */
@Command(
    name = "run",
    description =
        "Runs the gateway in the foreground and logs to stdout. SIGTERM or SIGINT lets what is in flight"
            + " end and stops; SIGHUP reads clients, certificates, servers, limits, mapping and log again.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:after a clean stop",
      "2:bad configuration",
      "1:otherwise, also when the configuration names an interface that is not there yet"
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway");

  /** Beyond the response deadline, by when every request has its answer. */
  private static final Duration STOP_MARGIN = Duration.ofSeconds(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, by default ${DEFAULT-VALUE}.")
  private Path file = GatewayConfig.DEFAULT_FILE;

  @Override
  public Integer call() throws InterruptedException {
    Signals signals = Signals.ofThisProcess();
    GatewayConfig config;
    try {
      config = GatewayConfig.load(file);
    } catch (ConfigurationException e) {
      complain(e.problems());
      return exitCode(e);
    }
    LogSetup.apply(config.logging());
    config.warnings().forEach(warning -> LOG.warn("configuration-doubtful {}", warning));
    try (GatewayProcess gateway =
            GatewayProcess.start(config, Main.version(), Observers.logging());
        SdNotify manager = gateway.serviceManager(System.getenv())) {
      LOG.info(
          "started version={} transport={} radius={}{} servers={} ms={}",
          Main.version(),
          Transport.inUse(),
          answeringOn(gateway),
          gateway.otherListeners(),
          config.relay().servers().size(),
          ManagementFactory.getRuntimeMXBean().getUptime());
      serve(gateway, signals, manager);
      return 0;
    } catch (StartException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("coa-gateway: " + e.getMessage());
      err.flush();
      return 1;
    }
  }

  /**
   * Who starts the gateway tries again after 1 and not after 2: a file stays as it is until
   * somebody edits it, while an interface may come a moment later.
   */
  static int exitCode(ConfigurationException e) {
    return e.mayPass() ? 1 : CheckConfigCommand.BAD_CONFIGURATION;
  }

  private static List<String> answeringOn(GatewayProcess gateway) {
    return gateway.radiusAddresses().stream().map(AddressText::of).toList();
  }

  private void serve(GatewayProcess gateway, Signals signals, SdNotify manager)
      throws InterruptedException {
    manager.ready("answering on " + answeringOn(gateway));
    while (signals.next() == Signals.Request.RELOAD) {
      manager.reloading();
      boolean taken = reload(gateway);
      manager.ready(
          (taken ? "" : "the last reload was refused, see the log; ")
              + "answering on "
              + answeringOn(gateway));
    }
    LOG.info("stopping new requests are left to the next process");
    Duration patience = gateway.config().requests().responseDeadline().plus(STOP_MARGIN);
    manager.stopping(patience);
    gateway.stop(patience);
    LOG.info("stopped");
  }

  /**
   * A configuration with a mistake is refused as a whole; the one in force stays.
   *
   * @return whether it was taken
   */
  private boolean reload(GatewayProcess gateway) {
    Optional<GatewayConfig> read = forReload(() -> GatewayConfig.load(file));
    if (read.isEmpty()) {
      gateway.reloadRefused(file + " cannot be used");
      return false;
    }
    try {
      GatewayConfig next = read.get();
      gateway.reload(next);
      LogSetup.apply(next.logging()); // not before: a refused reload changes nothing
      next.warnings().forEach(warning -> LOG.warn("configuration-doubtful {}", warning));
      LOG.info("reloaded {}", file);
      return true;
    } catch (StartException e) {
      LOG.error("reload-refused {}", e.getMessage());
      return false;
    }
  }

  /** How a configuration is read. */
  @FunctionalInterface
  interface Reading {
    /** All of it, or its problems. */
    GatewayConfig read() throws ConfigurationException;
  }

  /**
   * What was read; empty when that is refused, which is logged. Whatever the reader stumbles over,
   * a gateway that runs goes on.
   */
  static Optional<GatewayConfig> forReload(Reading reading) {
    try {
      return Optional.of(reading.read());
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> LOG.error("reload-refused {}", problem));
    } catch (RuntimeException e) {
      LOG.error("reload-refused reading the configuration failed; report this", e);
    }
    return Optional.empty();
  }

  private void complain(List<Problem> problems) {
    PrintWriter err = spec.commandLine().getErr();
    problems.forEach(err::println);
    err.flush();
  }
}
