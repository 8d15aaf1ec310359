package io.coagateway.cli;

import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code table find}: exit 0, 1 when nothing was found, 2 when the question is none. */
@Command(
    name = "find",
    description = "Prints the sessions that have all the given identification attributes.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:there is one",
      "1:there is none",
      "2:configuration, arguments or database will not do"
    })
final class TableFindCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "ATTR=VALUE",
      description = "An attribute by its dictionary name, like User-Name=alice@example.net.")
  private List<String> keys = List.of();

  @Option(names = "--json", description = "One record a line, instead of text for people.")
  private boolean json;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many records, 1000 by default.")
  private int limit = 1000;

  @ParentCommand private TableCommand table;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return table.open(spec.commandLine(), this::find);
  }

  private int find(TableCommand.Access access) throws TableUnavailableException {
    if (limit < 1) { // otherwise "no session" would be said of one that is there
      spec.commandLine().getErr().println("--limit: " + limit + " is below 1. Give one like 1000");
      return TableCommand.BAD_INPUT;
    }
    SessionQuery query;
    try {
      query = new SessionQuery(access.nas(), parse(access.attributes()));
    } catch (IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return TableCommand.BAD_INPUT;
    }
    List<SubscriberRecord> found = access.transfer().find(query, limit);
    new RecordPrinter(access.attributes(), json, access.duidAttributes())
        .print(found, spec.commandLine().getOut());
    if (found.isEmpty()) {
      spec.commandLine().getErr().println("no session has " + String.join(" and ", keys));
      return TableCommand.NOTHING_FOUND;
    }
    return 0;
  }

  private List<SessionKey> parse(AttributeDictionary attributes) {
    List<SessionKey> parsed = new ArrayList<>();
    for (String key : keys) {
      Attribute attribute = attributes.parse(key);
      parsed.add(SessionKey.of(attribute.id(), attribute.value()));
    }
    return parsed;
  }
}
