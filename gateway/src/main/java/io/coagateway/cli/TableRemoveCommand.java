package io.coagateway.cli;

import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code table remove}: exit 0, 1 when there is no such record, 2 when several NASes have one. */
@Command(
    name = "remove",
    description = "Removes one record from the table. Tells no DHCPv6 server: a Disconnect does.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it is gone",
      "1:there was none",
      "2:several NASes have one; or configuration, arguments or database will not do"
    })
final class TableRemoveCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "The record's id.")
  private String id;

  @ParentCommand private TableCommand table;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return table.open(spec.commandLine(), this::remove);
  }

  private int remove(TableCommand.Access access) throws TableUnavailableException {
    List<SubscriberRecord> found = access.transfer().read(access.nas(), id);
    if (found.size() > 1) {
      String nases = found.stream().map(SubscriberRecord::nas).collect(Collectors.joining(", "));
      spec.commandLine()
          .getErr()
          .println('"' + id + "\" is a subscriber of several NASes. Add --nas, one of: " + nases);
      return TableCommand.BAD_INPUT;
    }
    if (found.isEmpty() || access.transfer().remove(found.get(0).nas(), id).isEmpty()) {
      spec.commandLine().getErr().println("no subscriber \"" + id + '"');
      return TableCommand.NOTHING_FOUND;
    }
    return 0;
  }
}
