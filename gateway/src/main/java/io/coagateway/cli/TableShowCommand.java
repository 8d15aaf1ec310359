package io.coagateway.cli;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code table show}: exit 0, 1 when there is no such record. */
@Command(
    name = "show",
    description =
        "Prints one record, and the options that a CoA under way has put in force. --json prints the"
            + " record alone.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:there is one",
      "1:there is none",
      "2:configuration, arguments or database will not do"
    })
final class TableShowCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "The record's id.")
  private String id;

  @Option(names = "--json", description = "As one line of JSON, instead of text for people.")
  private boolean json;

  @ParentCommand private TableCommand table;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return table.open(spec.commandLine(), this::show);
  }

  private int show(TableCommand.Access access) throws TableUnavailableException {
    List<SubscriberRecord> found = access.transfer().read(access.nas(), id);
    new RecordPrinter(access.attributes(), json, access.duidAttributes())
        .print(found, spec.commandLine().getOut());
    for (SubscriberRecord record : json ? List.<SubscriberRecord>of() : found) {
      Optional<OptionList> underWay = access.transfer().underWay(record);
      if (underWay.isPresent()) {
        RecordPrinter.underWay(record, underWay.get(), spec.commandLine().getOut());
      }
    }
    if (found.isEmpty()) {
      spec.commandLine().getErr().println("no subscriber \"" + id + '"');
      return TableCommand.NOTHING_FOUND;
    }
    return 0;
  }
}
