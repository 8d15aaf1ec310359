package io.coagateway.simulator;

/** The kinds of identity association, each with an IAID space of its own (RFC 8415 section 12). */
public enum IaType {
  /** Non-temporary addresses. */
  IA_NA,
  /** Temporary addresses. */
  IA_TA,
  /** Delegated prefixes. */
  IA_PD
}
