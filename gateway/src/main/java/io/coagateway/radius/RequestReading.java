package io.coagateway.radius;

/** What {@link RequestRules} make of a request: it can be carried out, or it is refused. */
public sealed interface RequestReading permits ReadRequest, Refusal {
  /** Which of the two. */
  enum Kind {
    /** A {@link ReadRequest}. */
    READ,
    /** A {@link Refusal}. */
    REFUSED
  }

  /** Which of the two. */
  Kind kind();
}
