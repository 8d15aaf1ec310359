package io.coagateway.learn;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.subscriber.SubscriberRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * Hears what is learned and what is not. Called on the thread that does the work; must return
 * quickly.
 */
public interface LearnObserver {
  /** One that looks away. */
  LearnObserver NONE = new LearnObserver() {};

  /** What became of a record. */
  enum Result {
    /** A new record. */
    LEARNED,
    /** A record changed. */
    UPDATED,
    /** A record is gone, as nothing of the subscriber is left. */
    REMOVED,
    /** The table said the same already. */
    UNCHANGED
  }

  /** A message between relay and server was looked at. */
  default void seen() {}

  /**
   * Something taught nothing.
   *
   * @param detail for a person: which message, and why
   */
  default void skipped(SkipReason reason, String detail) {}

  /** The table has taken in what was learned of {@code record}. */
  default void took(Result result, SubscriberRecord record) {}

  /**
   * The wall clock was set.
   *
   * @param by how far; negative: back
   */
  default void clockLeapt(Duration by) {}

  /** A record has lost leases because their time was over. */
  default void expired(SubscriberRecord record) {}

  /**
   * A client has fetched its configuration (REPLY to RENEW, REBIND, REQUEST, rapid SOLICIT or
   * INFORMATION-REQUEST), whatever happened to its leases. A REPLY whose own status is an error is
   * none: the client got nothing by it.
   */
  default void cameBack(RelayedClient client, OptionList reply, Instant seen) {}
}
