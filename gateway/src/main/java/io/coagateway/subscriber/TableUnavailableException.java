package io.coagateway.subscriber;

/**
 * The table cannot do it now; nothing of the request was done. Carries no stack trace of its own; a
 * defect of ours is its cause.
 */
public final class TableUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** More requests wait for the database than {@link TableParameters#queueLimit} allows. */
    QUEUE_FULL,
    /** Another process held the database locked for longer than we wait. */
    LOCKED,
    /** The disk, or the database's own limit, is full. */
    FULL,
    /** The database, or a defect of ours, does not take what this request is about; never will. */
    REFUSED,
    /** The database cannot be read or written: permissions, damage, an I/O error. */
    FAILED,
    /** The table has been closed. */
    CLOSED
  }

  private final Reason reason;
  private final boolean passing;

  /**
   * @param reason the kind of trouble
   * @param message what happened, for the log
   */
  public TableUnavailableException(Reason reason, String message) {
    this(reason, message, null, false);
  }

  private TableUnavailableException(
      Reason reason, String message, Throwable cause, boolean passing) {
    super(message, cause, false, false);
    this.reason = reason;
    this.passing = passing;
  }

  /** What is likely to succeed when it is tried again at once, if it certainly did nothing. */
  static TableUnavailableException passing(Reason reason, String message) {
    return new TableUnavailableException(reason, message, null, true);
  }

  /**
   * A defect of ours, met at work on one request. It fails that one alone: a thread of the table
   * that ended with it would leave everybody waiting. Whoever calls this tells {@link
   * TableObserver#defect}.
   */
  static TableUnavailableException ofDefect(RuntimeException e) {
    StackTraceElement[] trace = e.getStackTrace();
    return new TableUnavailableException(
        Reason.REFUSED,
        "a defect of the gateway, report it: " + e + (trace.length == 0 ? "" : " at " + trace[0]),
        e,
        false);
  }

  /** Whether it was made by {@link #passing}. */
  boolean isPassing() {
    return passing;
  }

  /** The kind of trouble. */
  public Reason reason() {
    return reason;
  }
}
