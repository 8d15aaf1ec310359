package io.coagateway.subscriber;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.coagateway.radius.AttributeDictionary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A file of records (NDJSON) that a relay keeps up to date, for relays that only write files: it is
 * looked at now and then, and what it says goes into the table.
 *
 * <p>A file that has grown has more lines at its end; a later line for a record counts, {@code
 * {"id":"…","removed":true}} removes one. A file that has been replaced (renamed over) is read from
 * the beginning, and records of its NASes that it does not name are removed; while it has a bad
 * line nothing is removed, for the bad line may be theirs. A line counts when its line feed is
 * there. Options of a record that is in the table stay as they are: a CoA may have changed them,
 * which the writer of a file cannot know; those in the file are for new records.
 *
 * <p>A batch is one transaction, so the table never holds half a record, and a gateway that dies in
 * between reads the file again.
 */
public final class TableFile implements AutoCloseable {
  private static final int TELL_AT_MOST = 100; // bad lines of one reading
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path file;
  private final Duration interval;
  private final String nas;
  private final RecordFormat format;
  private final RecordStore store;
  private final TableObserver observer;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private Optional<Seen> seen = Optional.empty();

  /** How the file was when it was last read, up to which octet and line. */
  private record Seen(Object identity, FileTime modified, long size, long readTo, long lines) {}

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
      boolean appended = same && now.size() >= seen.get().readTo();
      Reading reading = new Reading(appended ? Optional.of(seen.get()) : Optional.empty());
      try (RecordSession session = store.session()) {
        reading.run(session);
      }
      seen =
          Optional.of(
              new Seen(
                  identity, now.lastModifiedTime(), now.size(), reading.readTo, reading.lines));
    } catch (NoSuchFileException e) {
      seen = Optional.empty(); // not written yet, or between two versions
    } catch (IOException | UncheckedIOException e) {
      observer.unreadable(List.of(file + " cannot be read: " + e.getMessage()));
    } catch (TableUnavailableException e) {
      observer.unavailable(e.reason(), 1); // the next look tries again
    }
  }

  /** One reading: from the beginning, or from where the last one ended. */
  private final class Reading {
    private final boolean whole;
    private final Map<RecordKey, Optional<SubscriberRecord>> batch = new LinkedHashMap<>();
    private final List<String> nases = new ArrayList<>(List.of(nas));
    private long[] named = new long[1024]; // hashes of the records' names
    private int namedCount;
    private long readTo;
    private long lines;
    private int bad;
    private int written;
    private int removed;

    Reading(Optional<Seen> before) {
      whole = before.isEmpty();
      readTo = before.map(Seen::readTo).orElse(0L);
      lines = before.map(Seen::lines).orElse(0L);
    }

    void run(RecordSession session) throws IOException, TableUnavailableException {
      try (LineReader in = new LineReader(file, readTo)) {
        for (Optional<byte[]> line = in.next(); line.isPresent(); line = in.next()) {
          lines++;
          take(line.get());
          if (batch.size() >= session.batch()) {
            write(session);
          }
          readTo = in.position();
        }
      }
      write(session);
      if (whole && bad == 0) {
        removeOthers(session);
      }
      if (whole) {
        observer.fileRead(lines, written, removed, bad);
      }
    }

    private void take(byte[] octets) {
      try {
        String line = RecordFormat.text(octets);
        if (line.isBlank()) {
          return;
        }
        Optional<RecordKey> removed = removal(line);
        if (removed.isPresent()) {
          batch.remove(removed.get());
          batch.put(removed.get(), Optional.empty());
          return;
        }
        SubscriberRecord record = format.parse(line, nas);
        RecordKey name = RecordKey.of(record);
        batch.remove(name);
        batch.put(name, Optional.of(record));
        remember(name);
      } catch (RecordFormatException e) {
        tellBad(file + ":" + lines + ": " + e.getMessage());
      }
    }

    private void tellBad(String problem) {
      bad++;
      if (bad <= TELL_AT_MOST) {
        observer.unreadable(List.of(problem));
      }
    }

    private Optional<RecordKey> removal(String line) throws RecordFormatException {
      if (!line.contains("\"removed\"")) {
        return Optional.empty();
      }
      try {
        JsonNode node = MAPPER.readTree(line);
        if (!node.path("removed").asBoolean() || !node.path("id").isTextual()) {
          return Optional.empty();
        }
        RecordKey name = new RecordKey(node.path("nas").asText(nas), node.path("id").asText());
        RecordFormat.requireName("id", name.id());
        RecordFormat.requireName("nas", name.nas());
        return Optional.of(name);
      } catch (JsonProcessingException e) {
        return Optional.empty(); // the format will say what is wrong
      }
    }

    private void remember(RecordKey name) {
      if (!whole) {
        return;
      }
      if (!nases.contains(name.nas())) {
        nases.add(name.nas());
      }
      if (namedCount == named.length) {
        named = Arrays.copyOf(named, namedCount * 2);
      }
      named[namedCount++] = MemoryIndex.hash(name);
    }

    private void write(RecordSession session) throws TableUnavailableException {
      if (batch.isEmpty()) {
        return;
      }
      try {
        write(session, batch);
      } catch (TableUnavailableException e) {
        if (e.reason() != TableUnavailableException.Reason.REFUSED) {
          throw e;
        }
        writeOneByOne(session);
      }
      batch.clear();
    }

    /** One of them is refused for ever: that must not keep the others out of the table. */
    private void writeOneByOne(RecordSession session) throws TableUnavailableException {
      for (Map.Entry<RecordKey, Optional<SubscriberRecord>> one : batch.entrySet()) {
        try {
          write(session, Map.of(one.getKey(), one.getValue()));
        } catch (TableUnavailableException e) {
          if (e.reason() != TableUnavailableException.Reason.REFUSED) {
            throw e;
          }
          tellBad(file + ": " + one.getKey().id() + ": " + e.getMessage());
        }
      }
    }

    private void write(RecordSession session, Map<RecordKey, Optional<SubscriberRecord>> records)
        throws TableUnavailableException {
      int puts = 0;
      int removals = 0;
      session.begin();
      try {
        for (Map.Entry<RecordKey, Optional<SubscriberRecord>> one : records.entrySet()) {
          Optional<Stored> there = session.read(one.getKey());
          if (one.getValue().isPresent()) {
            puts += put(session, there, one.getValue().get()) ? 1 : 0;
          } else if (there.isPresent()) {
            session.remove(there.get());
            removals++;
          }
        }
        session.commit();
      } catch (TableUnavailableException e) {
        session.rollBack();
        throw e;
      }
      written += puts;
      removed += removals;
    }

    /** Whether there was something to write. */
    private boolean put(RecordSession session, Optional<Stored> there, SubscriberRecord record)
        throws TableUnavailableException {
      if (there.isEmpty()) {
        session.put(record);
        return true;
      }
      SubscriberRecord current = there.get().record();
      SubscriberRecord next = record.toBuilder().options(current.options()).build();
      if (current.sameContent(next)) {
        return false;
      }
      session.put(next);
      return true;
    }

    /** What the file's NASes have in the table and the file does not name. */
    private void removeOthers(RecordSession session) throws TableUnavailableException {
      long[] sorted = Arrays.copyOf(named, namedCount);
      Arrays.sort(sorted);
      long key = 0;
      RecordSession.Page page;
      do {
        page = session.readAfter(key, session.batch());
        key = page.lastKey();
        for (Stored stored : page.records()) {
          RecordKey name = RecordKey.of(stored.record());
          if (nases.contains(name.nas())
              && Arrays.binarySearch(sorted, MemoryIndex.hash(name)) < 0) {
            batch.put(name, Optional.empty());
          }
        }
        write(session);
      } while (!page.last());
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
