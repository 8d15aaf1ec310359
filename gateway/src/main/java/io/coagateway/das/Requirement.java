package io.coagateway.das;

/** What is asked of a request as to one attribute that protects it. */
public enum Requirement {
  /** A request without it is discarded. */
  REQUIRED,
  /** It is checked when it is there (RFC 5176 sections 3.4 and 6.3 leave it to the client). */
  WHEN_PRESENT
}
