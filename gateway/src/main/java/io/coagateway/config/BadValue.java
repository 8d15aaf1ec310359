package io.coagateway.config;

/**
 * A value that its {@link Form} cannot read. The message continues the sentence that the quoted
 * value begins and ends with a cure: {@code is not a duration. Give one like 25s, 300ms or 5m.}
 */
final class BadValue extends Exception {
  private static final long serialVersionUID = 1L;

  BadValue(String message) {
    super(message, null, false, false);
  }
}
