package io.coagateway.subscriber;

import java.util.List;
import java.util.function.Function;

/**
 * What is to be made of some records: a function from those that are in the table to those that
 * shall be. Called while nobody else can write, so it must be quick and ask nobody; a failed
 * transaction may call it again.
 */
@FunctionalInterface
public interface RecordEdit {
  /** How many records are looked at: a DUID that more records share is no client's. */
  int MOST_RECORDS = 1000;

  /**
   * The changes for {@code there}, the records as they are, with their options confirmed so far.
   */
  Changes apply(List<SubscriberRecord> there);

  /** An edit of the record {@code name} alone; nothing where it is not there any more. */
  static RecordEdit of(RecordKey name, Function<SubscriberRecord, Changes> edit) {
    return there ->
        there.stream()
            .filter(record -> RecordKey.of(record).equals(name))
            .findFirst()
            .map(edit)
            .orElse(Changes.NONE);
  }

  /**
   * What is written and what goes, all of it or nothing.
   *
   * @param put records to write, new ones or ones that were there; one that is there with the same
   *     content is left alone
   * @param removed records that were there and shall not be
   */
  record Changes(List<SubscriberRecord> put, List<SubscriberRecord> removed) {
    /** Everything stays. */
    public static final Changes NONE = new Changes(List.of(), List.of());

    /** Copies the lists. */
    public Changes {
      put = List.copyOf(put);
      removed = List.copyOf(removed);
    }

    /** One record is written. */
    public static Changes put(SubscriberRecord record) {
      return new Changes(List.of(record), List.of());
    }

    /** One record goes. */
    public static Changes remove(SubscriberRecord record) {
      return new Changes(List.of(), List.of(record));
    }
  }
}
