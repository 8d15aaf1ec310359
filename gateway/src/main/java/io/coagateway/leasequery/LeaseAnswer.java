package io.coagateway.leasequery;

import io.coagateway.wire.Label;
import java.util.List;

/**
 * What came of a question over UDP.
 *
 * @param kind how it ended
 * @param clients who was told of; not empty when something was found
 * @param detail for people; may be empty
 */
public record LeaseAnswer(Kind kind, List<LeasedClient> clients, String detail) {
  /** The ways to end; of several servers' that found nothing, the last one counts. */
  public enum Kind {
    /** A server has told of a client. */
    FOUND,
    /** No server knows of any binding. */
    NOTHING_KNOWN,
    /** A server refused to say. */
    REFUSED,
    /** A server did not answer in time. */
    NO_ANSWER,
    /** Nobody was asked: our own limits. */
    NOT_ASKED;

    /** As logs and metrics have it. */
    public String label() {
      return Label.of(this);
    }
  }

  /** Copies the list. */
  public LeaseAnswer {
    clients = List.copyOf(clients);
  }

  LeaseAnswer(Kind kind, String detail) {
    this(kind, List.of(), detail);
  }
}
