package io.coagateway.config;

/**
 * A value that its {@link Form} cannot read. The message continues the sentence that the quoted
 * value begins and ends with a cure: {@code is not a duration. Give one like 25s, 300ms or 5m.}
 */
final class BadValue extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean mayPass;

  BadValue(String message) {
    this(message, false);
  }

  private BadValue(String message, boolean mayPass) {
    super(message, null, false, false);
    this.mayPass = mayPass;
  }

  /** What is wrong with the machine now, and may be right soon without a change of the file. */
  static BadValue forNow(String message) {
    return new BadValue(message, true);
  }

  boolean mayPass() {
    return mayPass;
  }
}
