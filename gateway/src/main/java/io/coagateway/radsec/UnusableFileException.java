package io.coagateway.radsec;

import java.io.Serial;

/** A file of certificates or keys cannot be used; the message says what to do, after its name. */
public final class UnusableFileException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  UnusableFileException(String message) {
    super(message);
  }

  UnusableFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
