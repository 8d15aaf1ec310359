package io.coagateway.cli;

import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.TableImport;
import io.coagateway.subscriber.TableUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code table import}: exit 0, or 2 when a line was bad. */
@Command(
    name = "import",
    description = {
      "Writes the records of a file into the table. Good lines are kept, bad ones named and counted;"
          + " the version in a line is not compared."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every line is in the table",
      "2:a line was bad; or configuration, file or database will not do"
    })
final class TableImportCommand implements Callable<Integer> {
  private static final long PROGRESS_LINES = 50_000;
  private static final int TELL_AT_MOST = 100;

  @Parameters(index = "0", paramLabel = "FILE", description = "NDJSON in UTF-8; - reads stdin.")
  private String file;

  @Option(
      names = "--replace",
      description =
          "The file's records become the whole table of their NASes, in one step; with a bad line"
              + " nothing is changed.")
  private boolean replace;

  @ParentCommand private TableCommand table;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return table.open(spec.commandLine(), this::read);
  }

  private int read(TableCommand.Access access) throws TableUnavailableException, IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (!file.equals("-") && !Files.isReadable(Path.of(file))) {
      err.println('"' + file + "\" cannot be read. Give a file of NDJSON, or - for stdin");
      return TableCommand.BAD_INPUT;
    }
    if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
      err.println('"' + file + "\" is a directory. Give a file of NDJSON in it, or - for stdin");
      return TableCommand.BAD_INPUT;
    }
    TableImport importing =
        new TableImport(
            access.transfer(), new RecordFormat(access.attributes()), access.nas(), listener(err));
    TableImport.Report report;
    try (InputStream lines = open()) {
      report = replace ? importing.replace(lines) : importing.merge(lines);
    }
    err.println(summary(report));
    return report.bad() > 0 ? TableCommand.BAD_INPUT : 0;
  }

  private InputStream open() throws IOException {
    return file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
  }

  private TableImport.Listener listener(PrintWriter err) {
    return new TableImport.Listener() {
      private int told;
      private long next = PROGRESS_LINES;

      @Override
      public void bad(long line, String problem) {
        told++;
        if (told <= TELL_AT_MOST) {
          err.println((file.equals("-") ? "stdin" : file) + ":" + line + ": " + problem);
        } else if (told == TELL_AT_MOST + 1) {
          err.println("more bad lines are counted, not told");
        }
      }

      @Override
      public void progress(long lines) {
        if (lines >= next) {
          err.println(lines + " lines");
          err.flush();
          next = lines + PROGRESS_LINES;
        }
      }
    };
  }

  private String summary(TableImport.Report report) {
    if (replace && report.bad() > 0) {
      return "%d bad lines, nothing replaced (%d lines were good)"
          .formatted(report.bad(), report.records());
    }
    return "%d records, %d written, %d bad lines"
        .formatted(report.records(), report.written(), report.bad());
  }
}
