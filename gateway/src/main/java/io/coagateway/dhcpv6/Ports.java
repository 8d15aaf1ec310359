package io.coagateway.dhcpv6;

/** The UDP ports of DHCPv6 (RFC 8415 section 7.2). */
public final class Ports {
  /** Where clients listen. */
  public static final int CLIENT = 546;

  /** Where servers and relays listen. */
  public static final int SERVER = 547;

  private Ports() {}
}
