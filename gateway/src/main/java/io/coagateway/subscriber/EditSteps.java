package io.coagateway.subscriber;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one kind of table does what a {@link RecordEdit} wants, while nobody else writes.
 *
 * @param remove removes the record of that name and gives it; empty when there was none
 * @param put writes a record and gives it as stored
 */
record EditSteps(
    Step<RecordKey, Optional<SubscriberRecord>> remove,
    Step<SubscriberRecord, SubscriberRecord> put) {
  /** One write. */
  @FunctionalInterface
  interface Step<A, R> {
    R of(A argument) throws TableUnavailableException;
  }

  /** Removes, then writes what is not {@code there} already; gives what was done. */
  RecordEdit.Changes carryOut(RecordEdit edit, List<SubscriberRecord> there)
      throws TableUnavailableException {
    RecordEdit.Changes wanted = edit.apply(there);
    List<SubscriberRecord> written = new ArrayList<>(1);
    List<SubscriberRecord> removed = new ArrayList<>(1);
    for (SubscriberRecord record : wanted.removed()) {
      remove.of(RecordKey.of(record)).ifPresent(removed::add);
    }
    for (SubscriberRecord record : wanted.put()) {
      if (there.stream().noneMatch(old -> old.sameContent(record))) {
        written.add(put.of(record));
      }
    }
    return new RecordEdit.Changes(written, removed);
  }
}
