package io.coagateway.admin;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The subscriber table in its record form: NDJSON, one object a line, as in
 * conf/example-subscribers.ndjson; gateway/SCHEMA.md explains the fields.
 */
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
      /** The record has another version than the one named, or is not there: 412. */
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
   * What must hold of the record before a write (If-Match, RFC 9110 section 13.1.1).
   *
   * @param exists whether there must be one
   * @param version the one that it must have; empty: any
   */
  record Expected(boolean exists, OptionalLong version) {
    /** Nothing: the record is made when there is none. */
    public static final Expected NOTHING = new Expected(false, OptionalLong.empty());

    /** {@code If-Match: *}. */
    public static final Expected ANY_VERSION = new Expected(true, OptionalLong.empty());

    /** A record with this version. */
    public static Expected version(long version) {
      return new Expected(true, OptionalLong.of(version));
    }
  }

  /**
   * Writes one record.
   *
   * @param line the record as one JSON object
   * @return the version it has then; fails with {@link RefusedException}
   */
  CompletionStage<Long> put(String line, Expected expected);

  /**
   * Removes one record, if it is as expected.
   *
   * @return fails with {@link RefusedException}
   */
  CompletionStage<Void> remove(String id, Expected expected);
}
