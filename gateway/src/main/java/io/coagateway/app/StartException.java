package io.coagateway.app;

/** The gateway cannot start; the message says what is in the way and what to do. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for the operator
   * @param cause what the system said
   */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
