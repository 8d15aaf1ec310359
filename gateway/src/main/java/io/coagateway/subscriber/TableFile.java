package io.coagateway.subscriber;

import io.coagateway.radius.AttributeDictionary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A file of records (NDJSON) that a relay keeps up to date, for relays that only write files: it is
 * looked at now and then, and what it says goes into the table, see {@link FileReading}.
 *
 * <p>A file that has grown has more lines at its end, and only these are read. One that has been
 * replaced (renamed over) is read from the beginning.
 */
public final class TableFile implements AutoCloseable {
  private final Path file;
  private final Duration interval;
  private final String nas;
  private final RecordFormat format;
  private final RecordStore store;
  private final TableObserver observer;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private Optional<Seen> seen = Optional.empty();

  /** How the file was when it was last read, and up to where. */
  private record Seen(Object identity, FileTime modified, long size, FileReading.Place readTo) {}

  private TableFile(
      Path file,
      Duration interval,
      String nas,
      AttributeDictionary dictionary,
      RecordStore store,
      TableObserver observer) {
    this.file = file;
    this.interval = interval;
    this.nas = nas;
    this.format = new RecordFormat(dictionary);
    this.store = store;
    this.observer = observer;
    this.thread = new Thread(this::watch, "subscriber-file");
    this.thread.setDaemon(true);
  }

  /**
   * Starts to watch. A table in memory has what the file says when this returns; with a database it
   * comes soon after.
   *
   * @param file need not be there yet
   * @param interval how often it is looked at
   * @param nas the NAS of records that name none; those without one when empty
   * @param table the table in use; one in memory is written to directly
   * @param parameters of that table: one in a database is written to as another process would
   * @param observer told of lines that are no records, and of a table that is not available
   */
  public static TableFile start(
      Path file,
      Duration interval,
      String nas,
      SubscriberTable table,
      TableParameters parameters,
      AttributeDictionary dictionary,
      TableObserver observer)
      throws TableUnavailableException {
    RecordStore store =
        table instanceof MemoryTable memory
            ? memory::session
            : SubscriberTables.store(parameters, dictionary, observer::unreadable);
    TableFile started = new TableFile(file, interval, nas, dictionary, store, observer);
    if (parameters.isInMemory()) {
      started.look(); // nothing else knows the subscribers: a request now would find none
    }
    started.thread.start();
    return started;
  }

  private void watch() {
    try {
      do {
        look();
      } while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // somebody wants this thread to end
    } finally {
      store.close();
    }
  }

  private void look() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      Object identity = String.valueOf(now.fileKey());
      boolean same = seen.isPresent() && seen.get().identity().equals(identity);
      if (same
          && seen.get().size() == now.size()
          && seen.get().modified().equals(now.lastModifiedTime())) {
        return;
      }
      Optional<FileReading.Place> from =
          seen.filter(before -> same)
              .map(Seen::readTo)
              .filter(place -> place.octets() <= now.size());
      FileReading reading = new FileReading(file, from, nas, format, observer);
      FileReading.Place readTo;
      try (RecordSession session = store.session()) {
        readTo = reading.into(session);
      }
      seen = Optional.of(new Seen(identity, now.lastModifiedTime(), now.size(), readTo));
    } catch (NoSuchFileException e) {
      seen = Optional.empty(); // not written yet, or between two versions
    } catch (IOException | UncheckedIOException e) {
      observer.unreadable(List.of(file + " cannot be read: " + e.getMessage()));
    } catch (TableUnavailableException e) {
      observer.unavailable(e.reason(), 1); // the next look tries again
    } catch (RuntimeException e) {
      observer.defect(e); // likewise: nobody else looks
    }
  }

  /** Stops to watch; what is being written is written to its end. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the thread is a daemon
    }
  }
}
