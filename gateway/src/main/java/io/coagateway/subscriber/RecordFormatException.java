package io.coagateway.subscriber;

/**
 * Text that is no subscriber record. The message is one line for a person: key path, value in
 * quotes, cure. Carries no stack trace.
 */
public final class RecordFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param path where, like {@code ias[0].iaid}; empty for the line as a whole
   * @param message what is wrong there
   */
  RecordFormatException(String path, String message) {
    super(path.isEmpty() ? message : path + ": " + message, null, false, false);
  }
}
