package io.coagateway.mapping;

import io.coagateway.radius.ErrorCause;

/**
 * A value that cannot become an option: badly formed (Error-Cause 404) or well formed and unusable
 * (407). The message says what is wrong with the value, in words for the log.
 */
final class UnusableValueException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCause cause;

  private UnusableValueException(ErrorCause cause, String message) {
    super(message, null, false, false);
    this.cause = cause;
  }

  /** The form is broken: length, TLV structure, option list. */
  static UnusableValueException badForm(String message) {
    return new UnusableValueException(ErrorCause.INVALID_REQUEST, message);
  }

  /** The form is right, the value cannot be used. */
  static UnusableValueException badValue(String message) {
    return new UnusableValueException(ErrorCause.INVALID_ATTRIBUTE_VALUE, message);
  }

  ErrorCause errorCause() {
    return cause;
  }
}
