package io.coagateway.subscriber;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One reading of a {@link TableFile} into the table.
 *
 * <p>A later line for a record counts, {@code {"id":"…","removed":true}} removes one. Where the
 * file is read from its beginning, records of its NASes that it does not name are removed; while it
 * has a bad line nothing is removed, for the bad line may be theirs. A line counts when its line
 * feed is there. Options of a record that is in the table stay as they are: a CoA may have changed
 * them, which the writer of a file cannot know; those in the file are for new records.
 *
 * <p>A batch is one transaction, so the table never holds half a record, and a gateway that dies in
 * between reads the file again.
 */
final class FileReading {
  private static final int TELL_AT_MOST = 100; // bad lines
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path file;
  private final String nas;
  private final RecordFormat format;
  private final TableObserver observer;
  private final boolean whole;
  private final Map<RecordKey, Optional<SubscriberRecord>> batch = new LinkedHashMap<>();
  private final List<String> nases = new ArrayList<>();
  private long[] named = new long[1024]; // hashes of the records' names
  private int namedCount;
  private long readTo;
  private long lines;
  private int bad;
  private int written;
  private int removed;

  /**
   * Up to where a file was read.
   *
   * @param octets from its beginning
   * @param lines from its beginning
   */
  record Place(long octets, long lines) {}

  /**
   * @param from where the last reading ended; empty: at the beginning
   * @param nas the NAS of records that name none
   * @param observer told of lines that are no records, and of the end of a whole file
   */
  FileReading(
      Path file, Optional<Place> from, String nas, RecordFormat format, TableObserver observer) {
    this.file = file;
    this.nas = nas;
    this.format = format;
    this.observer = observer;
    whole = from.isEmpty();
    readTo = from.map(Place::octets).orElse(0L);
    lines = from.map(Place::lines).orElse(0L);
    nases.add(nas);
  }

  /**
   * Reads to the end of the file.
   *
   * @return where the next reading goes on
   * @throws TableUnavailableException when a batch could not be written; those before it are
   */
  Place into(RecordSession session) throws IOException, TableUnavailableException {
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
    return new Place(readTo, lines);
  }

  private void take(byte[] octets) {
    try {
      String line = RecordFormat.text(octets);
      if (line.isBlank()) {
        return;
      }
      Optional<RecordKey> gone = removal(line);
      if (gone.isPresent()) {
        batch.remove(gone.get());
        batch.put(gone.get(), Optional.empty());
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
    named[namedCount++] = KeyHash.of(name);
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
    } catch (TableUnavailableException | RuntimeException e) {
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
        if (nases.contains(name.nas()) && Arrays.binarySearch(sorted, KeyHash.of(name)) < 0) {
          batch.put(name, Optional.empty());
        }
      }
      write(session);
    } while (!page.last());
  }
}
