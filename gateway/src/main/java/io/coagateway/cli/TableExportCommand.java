package io.coagateway.cli;

import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.TableUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code table export}: exit 0, or 2 when not all could be written to a file; {@link Main} looks
 * after stdout.
 */
@Command(
    name = "export",
    description =
        "Prints the table, one record a line. What a CoA under way has put in force is not in it:"
            + " table show has it.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all was printed",
      "1:stdout was closed or is full",
      "2:configuration, file or database will not do"
    })
final class TableExportCommand implements Callable<Integer> {
  private static final long PROGRESS_RECORDS = 50_000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where to; - or nothing is stdout.")
  private String file = "-";

  @Option(names = "--all", description = "The records of every NAS, not of ours alone.")
  private boolean all;

  @ParentCommand private TableCommand table;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return table.open(spec.commandLine(), this::write);
  }

  private int write(TableCommand.Access access) throws TableUnavailableException, IOException {
    if (file.equals("-")) {
      write(access, spec.commandLine().getOut());
      return 0;
    }
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(file)))) {
      write(access, out);
      if (out.checkError()) {
        spec.commandLine()
            .getErr()
            .println('"' + file + "\" is not complete: its disk may be full");
        return TableCommand.BAD_INPUT;
      }
      return 0;
    } catch (NoSuchFileException e) {
      return refused("lies in a directory that does not exist");
    } catch (AccessDeniedException e) {
      return refused("may not be written by " + System.getProperty("user.name"));
    } catch (FileSystemException e) {
      return refused("cannot be written (" + e.getReason() + ")");
    }
  }

  private int refused(String why) {
    String cure = ". Give a file that can be written, or - for stdout";
    spec.commandLine().getErr().println('"' + file + "\" " + why + cure);
    return TableCommand.BAD_INPUT;
  }

  private void write(TableCommand.Access access, PrintWriter out) throws TableUnavailableException {
    RecordFormat format = new RecordFormat(access.attributes());
    PrintWriter err = spec.commandLine().getErr();
    AtomicLong records = new AtomicLong();
    boolean everyNas = all || access.nas().isEmpty();
    access
        .transfer()
        .export(
            everyNas ? Optional.empty() : Optional.of(access.nas()),
            record -> {
              out.write(format.print(record));
              out.write('\n');
              if (records.incrementAndGet() % PROGRESS_RECORDS == 0) {
                err.println(records + " records");
                err.flush();
              }
            });
  }
}
