package io.coagateway.cli;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.GatewayConfig;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.leasequery.LeaseQuery;
import io.coagateway.leasequery.QueryOutcome;
import io.coagateway.leasequery.Recovery;
import io.coagateway.leasequery.RecoveryParameters;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code table recover}: exit 0, 1 nothing found, 2 bad input, 3 an answer was not whole. */
@Command(
    name = "recover",
    description = {
      "Asks the DHCPv6 servers by BULK LEASEQUERY (RFC 5460) which leases they gave through our"
          + " relay, and adds what the table does not know. Nothing is removed or overwritten.",
      "Asked by dhcpv6.relay-id, then by link-address where a server knows nothing by it, then by"
          + " remote-id. Recovered leases have no IAID, and records no session: see"
          + " dhcpv6.servers[].without-iaid."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every server has told all that it knows",
      "1:no server knows anything",
      "2:configuration, arguments or database will not do",
      "3:a server refused or broke off; what came is in the table"
    })
final class TableRecoverCommand implements Callable<Integer> {
  private static final int INCOMPLETE = 3;
  private static final long PROGRESS = 10_000;

  @Option(
      names = "--link",
      paramLabel = "ADDRESS",
      description =
          "Ask for this link-address too where a server knows nothing by relay-id; besides"
              + " dhcpv6.leasequery.links. May be repeated.")
  private List<String> links = List.of();

  @Option(
      names = "--remote-id",
      paramLabel = "ENTERPRISE:HEX",
      description = "Ask for this line too. May be repeated.")
  private List<String> remoteIds = List.of();

  @ParentCommand private TableCommand table;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    RecoveryParameters parameters;
    try {
      parameters = parameters();
    } catch (ConfigurationException e) {
      e.problems().forEach(err::println);
      err.flush();
      return TableCommand.BAD_INPUT;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.flush();
      return TableCommand.BAD_INPUT;
    }
    return table.open(spec.commandLine(), access -> recover(access, parameters));
  }

  private RecoveryParameters parameters() throws ConfigurationException {
    RecoveryParameters configured =
        GatewayConfig.checkWithRelayId(table.configuration()).leasequery().recovery();
    List<Ipv6Address> allLinks = new ArrayList<>(configured.links());
    links.forEach(link -> allLinks.add(Ipv6Address.parse(link)));
    List<RemoteIdOption> lines = new ArrayList<>();
    for (String text : remoteIds) {
      int colon = text.indexOf(':');
      if (!text.matches("[0-9]{1,10}:([0-9a-fA-F]{2})+")) {
        throw new IllegalArgumentException(
            "--remote-id \"" + text + "\" is not ENTERPRISE:HEX. Give one like 9:0a0b0c.");
      }
      lines.add(
          new RemoteIdOption(
              Long.parseLong(text.substring(0, colon)), Octets.ofHex(text.substring(colon + 1))));
    }
    return new RecoveryParameters(
        configured.servers(),
        configured.relay(),
        configured.nas(),
        allLinks,
        lines,
        configured.silence());
  }

  private int recover(TableCommand.Access access, RecoveryParameters parameters)
      throws TableUnavailableException {
    RecoveryParameters own =
        new RecoveryParameters(
            parameters.servers(),
            parameters.relay(),
            access.nas(),
            parameters.links(),
            parameters.remoteIds(),
            parameters.silence());
    PrintWriter err = spec.commandLine().getErr();
    Recovery.Report report =
        new Recovery(own, access.transfer()::edit, new Progress(err), new SecureRandom()).run();
    spec.commandLine()
        .getOut()
        .println(
            "clients told of: %d, records written: %d, queries incomplete: %d"
                .formatted(report.clients(), report.written(), report.incomplete()));
    if (report.incomplete() > 0) {
      return INCOMPLETE;
    }
    return report.clients() == 0 ? TableCommand.NOTHING_FOUND : 0;
  }

  /** Says on stderr how it goes. */
  private record Progress(PrintWriter err) implements Recovery.Listener {
    @Override
    public void asked(RecoveryParameters.Server server, LeaseQuery query, QueryOutcome outcome) {
      err.println(
          server.name()
              + ": "
              + query.words()
              + ": "
              + outcome.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
              + outcome.status().map(status -> ", " + status).orElse("")
              + (outcome.detail().isEmpty() ? "" : ", " + outcome.detail())
              + ", clients "
              + outcome.clients());
      err.flush();
    }

    @Override
    public void progress(long clients, long written) {
      if (clients % PROGRESS == 0) {
        err.println(clients + " clients, " + written + " records written");
        err.flush();
      }
    }
  }
}
