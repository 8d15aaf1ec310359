package io.coagateway.lab;

/**
 * A subscriber of the lab's network, number {@code n} (1..254) on link 2001:db8:0:7::/64, with an
 * address and a delegated /56.
 *
 * @param n which one
 */
public record Subscriber(int n) {
  /** The DUID of Kea as the lab configures it, and the simulated server's. */
  public static final String SERVER_DUID = "0003000102005e0000aa";

  /** The client's DUID-LL in hex. */
  public String duid() {
    return "0003000102005e1000%02x".formatted(n);
  }

  /** The same with colons. */
  public String duidWithColons() {
    return duid().replaceAll("(..)(?!$)", "$1:");
  }

  /** Its User-Name. */
  public String userName() {
    return "user%d@example.net".formatted(n);
  }

  /** Its Acct-Session-Id. */
  public String session() {
    return "8A3F00%02X".formatted(n);
  }

  /** Its address, of IAID 1. */
  public String address() {
    return "2001:db8:0:7::1%03x".formatted(n);
  }

  /** Its delegated prefix of IAID 1, without the length, which is 56. */
  public String prefix() {
    return "2001:db8:42%02x::".formatted(n);
  }

  /** The record for {@code table import}, one line. */
  public String line() {
    return """
        {"id":"port-1/1/%d","duid":"%s","linkAddress":"2001:db8:0:7::1",\
        "peerAddress":"fe80::5eff:fe10:%x","interfaceId":"312f312f37","serverDuid":"%s",\
        "reconfigureAccept":true,\
        "session":{"User-Name":["%s"],"Acct-Session-Id":["%s"],"NAS-Port-Id":["1/1/%d"],\
        "Calling-Station-Id":["02-00-5E-10-00-%02X"],\
        "Framed-IPv6-Prefix":["2001:db8:%x:7::/64"]},\
        "ias":[{"type":"IA_NA","iaid":1,"leases":["%s"]},\
        {"type":"IA_PD","iaid":1,"leases":["%s/56"]}],\
        "options":{}}
        """
        .formatted(n, duid(), n, SERVER_DUID, userName(), session(), n, n, n, address(), prefix());
  }
}
