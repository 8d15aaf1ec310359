package io.coagateway.relay;

import java.util.List;

/** What became of a {@link ReconfigureTask} over all its servers, or of a {@link ReleaseTask}. */
public sealed interface ExchangeOutcome {
  /** The outcomes there are. */
  enum Kind {
    /**
     * Reconfigure: at least one server answered Success and did not list the client (RQ-36).
     * Release: every lease is gone, Success or NoBinding for each.
     */
    ACCEPTED,
    /** Not accepted, and at least one server refused; a release perhaps in part. */
    REFUSED,
    /** Not accepted, none refused, at least one server was asked. */
    NO_ANSWER,
    /** No server was asked. */
    NOT_SENT,
    /** The task was dropped before its outcome was known. */
    CANCELLED
  }

  /** Which one this is. */
  Kind kind();

  /**
   * Reconfigure: one result for each server of the task, in the task's order. Release: one for each
   * form that was tried: the release request, the relayed RELEASE.
   */
  List<ServerResult> results();

  /** How many messages that named the client were sent so far, over all results. */
  default int transmissions() {
    int sum = 0;
    for (ServerResult result : results()) {
      sum += result.transmissions();
    }
    return sum;
  }

  /**
   * Accepted.
   *
   * @param residual whether a release found nothing: the server had no binding for any of the
   *     leases (NoBinding, RL-14) though nothing of ours can have removed it before
   * @param results as {@link #results}
   */
  record Accepted(boolean residual, List<ServerResult> results) implements ExchangeOutcome {
    /** Copies the list. */
    public Accepted {
      results = List.copyOf(results);
    }

    @Override
    public Kind kind() {
      return Kind.ACCEPTED;
    }
  }

  /**
   * Refused.
   *
   * @param results as {@link #results}; those with {@link ServerResult#isRefusal} say why
   */
  record Refused(List<ServerResult> results) implements ExchangeOutcome {
    /** Copies the list. */
    public Refused {
      results = List.copyOf(results);
    }

    @Override
    public Kind kind() {
      return Kind.REFUSED;
    }
  }

  /**
   * Silence, of a release perhaps in part.
   *
   * @param results as {@link #results}
   */
  record NoAnswer(List<ServerResult> results) implements ExchangeOutcome {
    /** Copies the list. */
    public NoAnswer {
      results = List.copyOf(results);
    }

    @Override
    public Kind kind() {
      return Kind.NO_ANSWER;
    }
  }

  /**
   * Nothing was sent.
   *
   * @param reason the first result's
   * @param results as {@link #results}
   */
  record NotSent(NotSentReason reason, List<ServerResult> results) implements ExchangeOutcome {
    /** Copies the list. */
    public NotSent {
      results = List.copyOf(results);
    }

    @Override
    public Kind kind() {
      return Kind.NOT_SENT;
    }
  }

  /**
   * Dropped by the caller.
   *
   * @param reason as given
   * @param results as {@link #results}
   */
  record Cancelled(DropReason reason, List<ServerResult> results) implements ExchangeOutcome {
    /** Copies the list. */
    public Cancelled {
      results = List.copyOf(results);
    }

    @Override
    public Kind kind() {
      return Kind.CANCELLED;
    }
  }
}
