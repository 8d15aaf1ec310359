package io.coagateway.dhcpv6;

/**
 * The number in a Status Code option (RFC 8415 section 21.13). Open: any number survives.
 *
 * @param number 0 to 65535
 */
public record StatusCode(int number) {
  /** RFC 8415. */
  public static final StatusCode SUCCESS = new StatusCode(0);

  /** RFC 8415. */
  public static final StatusCode UNSPEC_FAIL = new StatusCode(1);

  /** RFC 8415. */
  public static final StatusCode NO_ADDRS_AVAIL = new StatusCode(2);

  /** RFC 8415. */
  public static final StatusCode NO_BINDING = new StatusCode(3);

  /** RFC 8415. */
  public static final StatusCode NOT_ON_LINK = new StatusCode(4);

  /** RFC 8415; obsolete by RFC 9915. */
  public static final StatusCode USE_MULTICAST = new StatusCode(5);

  /** RFC 3633, RFC 8415. */
  public static final StatusCode NO_PREFIX_AVAIL = new StatusCode(6);

  /** RFC 5007. */
  public static final StatusCode UNKNOWN_QUERY_TYPE = new StatusCode(7);

  /** RFC 5007. */
  public static final StatusCode MALFORMED_QUERY = new StatusCode(8);

  /** RFC 5007; in RECONFIGURE-REPLY: the link is not known (RFC 6977 section 6.5). */
  public static final StatusCode NOT_CONFIGURED = new StatusCode(9);

  /** RFC 5007. */
  public static final StatusCode NOT_ALLOWED = new StatusCode(10);

  /** RFC 5460. */
  public static final StatusCode QUERY_TERMINATED = new StatusCode(11);

  /** RFC 7653. */
  public static final StatusCode DATA_MISSING = new StatusCode(12);

  /** RFC 7653. */
  public static final StatusCode CATCH_UP_COMPLETE = new StatusCode(13);

  /** RFC 7653. */
  public static final StatusCode NOT_SUPPORTED = new StatusCode(14);

  /** RFC 7653. */
  public static final StatusCode TLS_CONNECTION_REFUSED = new StatusCode(15);

  private static final String[] NAMES = {
    "Success",
    "UnspecFail",
    "NoAddrsAvail",
    "NoBinding",
    "NotOnLink",
    "UseMulticast",
    "NoPrefixAvail",
    "UnknownQueryType",
    "MalformedQuery",
    "NotConfigured",
    "NotAllowed",
    "QueryTerminated",
    "DataMissing",
    "CatchUpComplete",
    "NotSupported",
    "TLSConnectionRefused"
  };

  /** Refuses a number of more than two octets. */
  public StatusCode {
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException("status code " + number + " is not 0 to 65535");
    }
  }

  /**
   * The code with this name, in any case, or this number.
   *
   * @throws IllegalArgumentException with the text in quotes and an example
   */
  public static StatusCode parse(String text) {
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].equalsIgnoreCase(text)) {
        return new StatusCode(i);
      }
    }
    try {
      return new StatusCode(Integer.parseInt(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a DHCPv6 status code. Give one like NotAllowed, or 10", e);
    }
  }

  /** Whether this is Success. */
  public boolean isSuccess() {
    return number == 0;
  }

  /** The registered name, like {@code NotAllowed}, or the number. */
  @Override
  public String toString() {
    return number < NAMES.length ? NAMES[number] : Integer.toString(number);
  }
}
