package io.coagateway.accounting;

import io.coagateway.radius.Attribute;
import io.coagateway.subscriber.JoinRule;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Hears what becomes of accounting. On the gateway loop; must return quickly. */
public interface AccountingObserver {
  /** One that looks away. */
  AccountingObserver NONE = new AccountingObserver() {};

  /** Why a packet was not taken. */
  enum Drop {
    /** From an address that no client has. */
    UNKNOWN_SOURCE,
    /** No RADIUS packet, or attributes that do not fill it. */
    MALFORMED,
    /** Another code than Accounting-Request and Status-Server. */
    UNEXPECTED_CODE,
    /** Request Authenticator or Message-Authenticator does not match the secret. */
    AUTHENTICATOR,
    /** The same request, still being worked on. */
    DUPLICATE_IN_PROGRESS,
    /** The table could not take it, or what a Status-Server announces; it is sent again. */
    TABLE_UNAVAILABLE,
    /** A defect of ours, see {@link AccountingObserver#defect}; the client sends it again. */
    FAILED
  }

  /** What became of a request. */
  enum Result {
    /** A session was joined to a record. */
    JOINED,
    /** A session waits for its client to appear. */
    UNJOINED,
    /** A session is over and was taken out of its record. */
    STOPPED,
    /** It concerned no session that is known. */
    NOTHING,
    /** The same request again, answered from memory. */
    DUPLICATE,
    /** A Status-Server, which asks whether anybody listens here; no Accounting-Request. */
    STATUS
  }

  /** A packet was dropped. */
  default void dropped(Drop why, InetSocketAddress source) {}

  /** A defect of ours was met, at work on a request or on a session that waited. */
  default void defect(Throwable defect) {}

  /** A request was dealt with. */
  default void done(Result result) {}

  /**
   * A session was joined.
   *
   * @param rule by which; empty when its record had it already
   */
  default void joined(Optional<JoinRule> rule, String recordId, String session) {}

  /** Several records matched a session by {@code rule}, so it was not joined by it. */
  default void ambiguous(JoinRule rule, String session) {}

  /**
   * No record has the client of a session that a Start or Interim-Update has just told of; the
   * session waits for it.
   *
   * @param session attributes and values as on the wire
   */
  default void unjoined(List<Attribute> session) {}
}
