package io.coagateway.relay;

import java.util.List;

/** What became of a {@link ReleaseTask}. */
public sealed interface ReleaseOutcome {
  /** The outcomes there are. */
  enum Kind {
    /** Every lease is gone: Success or NoBinding for each. */
    RELEASED,
    /** The server answered and keeps at least one lease. */
    REFUSED,
    /** No valid answer. */
    NO_ANSWER,
    /** Nothing was sent. */
    NOT_SENT,
    /** The task was dropped before its outcome was known. */
    CANCELLED
  }

  /** Which one this is. */
  Kind kind();

  /** One result for each form that was tried: the release request, the relayed RELEASE. */
  List<ServerResult> results();

  /** How many messages that named the client were sent. */
  default int transmissions() {
    int sum = 0;
    for (ServerResult result : results()) {
      sum += result.transmissions();
    }
    return sum;
  }

  /**
   * Every lease is gone.
   *
   * @param residual whether the server had no binding for any of them (NoBinding, RL-14) though
   *     nothing of ours can have removed it before
   * @param results as {@link #results}
   */
  record Released(boolean residual, List<ServerResult> results) implements ReleaseOutcome {
    /** Copies the list. */
    public Released {
      results = List.copyOf(results);
    }

    @Override
    public Kind kind() {
      return Kind.RELEASED;
    }
  }

  /**
   * Refused, perhaps in part: the first result that is a refusal names the status.
   *
   * @param results as {@link #results}
   */
  record Refused(List<ServerResult> results) implements ReleaseOutcome {
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
   * Silence, perhaps in part.
   *
   * @param results as {@link #results}
   */
  record NoAnswer(List<ServerResult> results) implements ReleaseOutcome {
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
   * @param reason why
   * @param results as {@link #results}
   */
  record NotSent(NotSentReason reason, List<ServerResult> results) implements ReleaseOutcome {
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
  record Cancelled(DropReason reason, List<ServerResult> results) implements ReleaseOutcome {
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
