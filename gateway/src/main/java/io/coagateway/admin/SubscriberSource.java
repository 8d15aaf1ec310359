package io.coagateway.admin;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** The subscriber table in its record form: NDJSON, one object a line (interface.md section 3). */
public interface SubscriberSource {
  /** Why a wish cannot be granted, in words for the one who asked. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Which of HTTP's refusals this is. */
    public enum Reason {
      /** The query or the record makes no sense: 400. */
      BAD_INPUT,
      /** There is no such record: 404. */
      NOT_FOUND,
      /** The record has another version than the one named: 412. */
      STALE,
      /** The database does not answer: 503. */
      UNAVAILABLE
    }

    /**
     * @param message what is wrong and what to do
     */
    public RefusedException(Reason reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }

    /** Which refusal. */
    public Reason reason() {
      return reason;
    }
  }

  /**
   * One condition of a query, all of them ANDed.
   *
   * @param attribute a RADIUS attribute's name, or {@code id}
   * @param value as radclient would print it
   */
  record Condition(String attribute, String value) {}

  /**
   * The records that meet all conditions, as NDJSON lines without line breaks.
   *
   * @param limit the most to return
   * @return fails with {@link RefusedException}
   */
  CompletionStage<List<String>> find(List<Condition> conditions, int limit);

  /**
   * Writes one record.
   *
   * @param line the record as one JSON object
   * @param version the version that it must have now (If-Match); empty: any
   * @return the version it has then; fails with {@link RefusedException}
   */
  CompletionStage<Long> put(String line, OptionalLong version);

  /**
   * Removes one record.
   *
   * @return fails with {@link RefusedException}
   */
  CompletionStage<Void> remove(String id);
}
