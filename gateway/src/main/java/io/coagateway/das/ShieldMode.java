package io.coagateway.das;

/** Whether the kernel is asked to drop a flood before it is read ({@link FloodShield}). */
public enum ShieldMode {
  /** Where it can, while there is one. */
  AUTO,
  /** Never: every datagram is read. For those who have a packet filter, or count each datagram. */
  OFF
}
