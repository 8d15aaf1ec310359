package io.coagateway.relay;

import java.util.List;

/** What became of a {@link ReconfigureTask}, over all its servers (RQ-36). */
public sealed interface ReconfigureOutcome {
  /** The outcomes there are. */
  enum Kind {
    /** At least one server answered Success and did not list the client. */
    ACCEPTED,
    /** No server accepted and at least one refused. */
    REFUSED,
    /** No server accepted, none refused, at least one was asked. */
    NO_ANSWER,
    /** No server was asked. */
    NOT_SENT,
    /** The task was dropped before its outcome was known. */
    CANCELLED
  }

  /** Which one this is. */
  Kind kind();

  /** One result for each server of the task, in the task's order. */
  List<ServerResult> results();

  /** How many messages that named the client were sent so far, over all servers. */
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
   * @param by the first server that did
   * @param results as {@link #results}
   */
  record Accepted(DhcpServer by, List<ServerResult> results) implements ReconfigureOutcome {
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
  record Refused(List<ServerResult> results) implements ReconfigureOutcome {
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
   * Silence.
   *
   * @param results as {@link #results}
   */
  record NoAnswer(List<ServerResult> results) implements ReconfigureOutcome {
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
   * @param reason the first server's
   * @param results as {@link #results}
   */
  record NotSent(NotSentReason reason, List<ServerResult> results) implements ReconfigureOutcome {
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
  record Cancelled(DropReason reason, List<ServerResult> results) implements ReconfigureOutcome {
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
