package io.coagateway.subscriber;

/**
 * Another gateway that shares the table is at work on a subscriber; nothing was done. Carries no
 * stack trace.
 */
public final class HeldElsewhereException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param owner the other gateway's name
   */
  public HeldElsewhereException(String owner) {
    super("gateway " + owner + " is at work on the subscriber", null, false, false);
  }
}
