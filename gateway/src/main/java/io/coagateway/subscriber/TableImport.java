package io.coagateway.subscriber;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Reads NDJSON into the table, a few hundred records at a time. */
public final class TableImport {
  /** So long the database is left to others after each batch, so that a gateway gets its turn. */
  private static final long PAUSE_NANOS = 3_000_000;

  private final TableTransfer transfer;
  private final RecordFormat format;
  private final String defaultNas;
  private final Listener listener;

  /**
   * @param transfer the table
   * @param format how a line is read
   * @param defaultNas the NAS of a record that names none
   * @param listener told of bad lines and of progress
   */
  public TableImport(
      TableTransfer transfer, RecordFormat format, String defaultNas, Listener listener) {
    this.transfer = transfer;
    this.format = format;
    this.defaultNas = defaultNas;
    this.listener = listener;
  }

  /** Hears of what an import meets. */
  public interface Listener {
    /**
     * A line that is no record.
     *
     * @param line counted from 1
     * @param problem key path, value and cure
     */
    void bad(long line, String problem);

    /** That many lines have been read. */
    void progress(long lines);
  }

  /**
   * What an import did.
   *
   * @param records lines that were records
   * @param written records that were written, as they were new or different
   * @param bad lines that were not
   */
  public record Report(long records, long written, long bad) {}

  @FunctionalInterface
  private interface Sink {
    int take(List<SubscriberRecord> batch) throws TableUnavailableException;
  }

  /**
   * Writes every good record and counts the bad lines. Empty lines are passed over.
   *
   * @param lines UTF-8; read to its end
   */
  public Report merge(InputStream lines) throws IOException, TableUnavailableException {
    return read(lines, new LinkedHashSet<>(), transfer::merge);
  }

  /**
   * Makes the records of {@code lines} the whole table of their NASes and of the default NAS. When
   * one line is bad nothing is changed; all lines are read nevertheless, so that all bad ones are
   * told.
   *
   * @param lines UTF-8; read to its end
   */
  public Report replace(InputStream lines) throws IOException, TableUnavailableException {
    Set<String> nases = new LinkedHashSet<>(List.of(defaultNas));
    try (TableTransfer.Replacing next = transfer.replace()) {
      Report report =
          read(
              lines,
              nases,
              batch -> {
                next.add(batch);
                return batch.size();
              });
      if (report.bad() > 0) {
        return new Report(report.records(), 0, report.bad());
      }
      next.swap(nases);
      return report;
    }
  }

  private Report read(InputStream lines, Set<String> nases, Sink sink)
      throws IOException, TableUnavailableException {
    List<SubscriberRecord> batch = new ArrayList<>(TableTransfer.BATCH);
    long number = 0;
    long records = 0;
    long written = 0;
    long bad = 0;
    LineReader in = new LineReader(lines);
    for (Optional<byte[]> octets = next(in); octets.isPresent(); octets = next(in)) {
      number++;
      try {
        String line = RecordFormat.text(octets.get());
        if (!line.isBlank()) {
          SubscriberRecord record = format.parse(line, defaultNas);
          nases.add(record.nas());
          batch.add(record);
          records++;
        }
      } catch (RecordFormatException e) {
        bad++;
        listener.bad(number, e.getMessage());
      }
      if (batch.size() == TableTransfer.BATCH) {
        written += sink.take(batch);
        batch.clear();
        LockSupport.parkNanos(PAUSE_NANOS);
        listener.progress(number);
      }
    }
    if (!batch.isEmpty()) {
      written += sink.take(batch);
    }
    listener.progress(number);
    return new Report(records, written, bad);
  }

  /** The last line counts without its line feed too. */
  private static Optional<byte[]> next(LineReader in) throws IOException {
    Optional<byte[]> line = in.next();
    return line.isPresent() ? line : in.rest();
  }
}
