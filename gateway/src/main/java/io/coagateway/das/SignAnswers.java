package io.coagateway.das;

/**
 * Which answers carry a Message-Authenticator, as their first attribute. RFC 5176 section 3.4
 * leaves it to us; some proxies break the one they pass on, hence the choice.
 */
public enum SignAnswers {
  /** All. */
  ALWAYS,
  /** Those to requests that carried one. */
  WHEN_REQUESTED,
  /** None. */
  NEVER
}
