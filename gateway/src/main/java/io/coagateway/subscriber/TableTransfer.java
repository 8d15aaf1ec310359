package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The table as commands use it: blocking, for one thread, beside a gateway that may be running. It
 * never holds the database for longer than a few hundred records take.
 */
public final class TableTransfer implements AutoCloseable {
  /** How many records {@link #merge} and {@link Replacing#add} should be given at a time. */
  public static final int BATCH = 500;

  /** As long as a gateway that runs lets the log become before it begins it anew, in octets. */
  static final long LOG_LIMIT = 256L << 20;

  private static final int PAGE = 500;

  private final TableStore store;
  private final StoreSession session;
  private final long logLimit;

  TableTransfer(TableStore store) throws TableUnavailableException {
    this(store, LOG_LIMIT);
  }

  /**
   * @param logLimit from where on the database's log is emptied while much is written, in octets
   */
  TableTransfer(TableStore store, long logLimit) throws TableUnavailableException {
    this.store = store;
    this.session = store.session();
    this.logLimit = logLimit;
  }

  /**
   * All records in the order in which they were added.
   *
   * @param nas only those of this NAS; empty for all
   */
  public void export(Optional<String> nas, Consumer<SubscriberRecord> to)
      throws TableUnavailableException {
    long key = 0;
    RecordSession.Page page;
    do {
      page = session.readAfter(key, PAGE);
      key = page.lastKey();
      for (Stored stored : page.records()) {
        if (nas.isEmpty() || nas.get().equals(stored.record().nas())) {
          to.accept(stored.record());
        }
      }
    } while (!page.last());
  }

  /** The records that match, at most {@code limit}. */
  public List<SubscriberRecord> find(SessionQuery query, int limit)
      throws TableUnavailableException {
    return session.find(query, limit);
  }

  /**
   * The records of that id.
   *
   * @param nas only the one of this NAS; empty: that of every NAS that has one
   */
  public List<SubscriberRecord> read(String nas, String id) throws TableUnavailableException {
    return session.readById(id).stream()
        .map(Stored::record)
        .filter(record -> nas.isEmpty() || record.nas().equals(nas))
        .toList();
  }

  /**
   * The options that are in force for a record while a change is under way: acknowledged by nobody
   * yet, but what the relay supplies. Empty when none is.
   */
  public Optional<OptionList> underWay(SubscriberRecord record) throws TableUnavailableException {
    Optional<Stored> stored = session.read(RecordKey.of(record));
    return stored.isEmpty() ? Optional.empty() : session.underWay(stored.get());
  }

  /** Removes one record; empty when there was none. */
  public Optional<SubscriberRecord> remove(String nas, String id) throws TableUnavailableException {
    session.begin();
    try {
      Optional<SubscriberRecord> removed = removed(new RecordKey(nas, id));
      session.commit();
      return removed;
    } catch (TableUnavailableException e) {
      session.rollBack();
      throw e;
    }
  }

  /**
   * Writes records in one transaction, whatever their versions; of two with one name the later one
   * stays. A record that is in the table with the same content is left alone, so that reading in
   * the same file again disturbs nobody.
   *
   * @return how many were written
   */
  public int merge(List<SubscriberRecord> records) throws TableUnavailableException {
    Map<RecordKey, SubscriberRecord> latest = new LinkedHashMap<>();
    records.forEach(record -> latest.put(RecordKey.of(record), record));
    List<SubscriberRecord> written = new ArrayList<>();
    session.begin();
    try {
      Map<RecordKey, Stored> there = session.readAll(latest.keySet());
      latest.forEach(
          (name, record) -> {
            Stored stored = there.get(name);
            if (stored == null || !stored.record().sameContent(record)) {
              written.add(record);
            }
          });
      session.putAll(written);
      session.commit();
    } catch (TableUnavailableException e) {
      session.rollBack();
      throw e;
    }
    boundLog();
    return written.size();
  }

  /**
   * Makes of the records of the client {@code duid} what {@code edit} says, in one transaction.
   *
   * @param nas only the records of this NAS; empty: of all
   * @return what was written, without the records that were there with the same content
   */
  public RecordEdit.Changes edit(String nas, Duid duid, RecordEdit edit)
      throws TableUnavailableException {
    session.begin();
    try {
      RecordEdit.Changes done =
          new EditSteps(this::removed, record -> session.put(record).record())
              .carryOut(edit, session.findClient(nas, duid, RecordEdit.MOST_RECORDS));
      session.commit();
      boundLog();
      return done;
    } catch (TableUnavailableException e) {
      session.rollBack();
      throw e;
    }
  }

  /**
   * Where no gateway runs nobody else does it, and the log would get many times the table's size.
   */
  private void boundLog() {
    if (session.logSize() > logLimit) {
      try {
        session.checkpoint(); // most of it, while others may write
        session.truncateLog();
      } catch (TableUnavailableException e) {
        // what was written is written; should the disk be full, the next write says so
      }
    }
  }

  private Optional<SubscriberRecord> removed(RecordKey name) throws TableUnavailableException {
    Optional<Stored> there = session.read(name);
    if (there.isPresent()) {
      session.remove(there.get());
    }
    return there.map(Stored::record);
  }

  /** Starts to fill another table, which then takes the place of the one in use. */
  public Replacing replace() throws TableUnavailableException {
    return new Replacing(store.replacement());
  }

  /** A table that is filled beside the one in use. */
  public static final class Replacing implements AutoCloseable {
    private final Replacement replacement;

    private Replacing(Replacement replacement) {
      this.replacement = replacement;
    }

    /** Adds records; of two with one name the later one stays. */
    public void add(List<SubscriberRecord> records) throws TableUnavailableException {
      replacement.add(records);
    }

    /**
     * Puts the new table in place, in one short transaction. Whatever the old table had of {@code
     * nases} is gone, the records of other NASes stay; changes of options under way go on.
     */
    public void swap(Set<String> nases) throws TableUnavailableException {
      replacement.swap(nases);
    }

    /** Forgets the new table unless it has been put in place. */
    @Override
    public void close() {
      replacement.close();
    }
  }

  /** Writes the log back as far as the gateway allows, and closes the database. */
  @Override
  public void close() {
    try {
      session.checkpoint();
    } catch (TableUnavailableException e) {
      // the gateway will do it
    }
    session.close();
    store.close();
  }
}
