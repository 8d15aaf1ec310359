package io.coagateway.dhcpv6;

import java.util.Optional;

/**
 * The number of an option (IANA registry "DHCPv6 Option Codes"). Open: any number survives. Only
 * options that the program knows by type or speaks of have constants; the names of all others are
 * in {@link OptionDictionary}.
 *
 * @param number 0 to 65535
 */
public record OptionCode(int number) {
  /** RFC 8415. */
  public static final OptionCode CLIENTID = new OptionCode(1);

  /** RFC 8415. */
  public static final OptionCode SERVERID = new OptionCode(2);

  /** RFC 8415. */
  public static final OptionCode IA_NA = new OptionCode(3);

  /** RFC 8415; obsolete by RFC 9915. */
  public static final OptionCode IA_TA = new OptionCode(4);

  /** RFC 8415. */
  public static final OptionCode IAADDR = new OptionCode(5);

  /** RFC 8415. */
  public static final OptionCode ORO = new OptionCode(6);

  /** RFC 8415. */
  public static final OptionCode PREFERENCE = new OptionCode(7);

  /** RFC 8415. */
  public static final OptionCode ELAPSED_TIME = new OptionCode(8);

  /** RFC 8415. */
  public static final OptionCode RELAY_MSG = new OptionCode(9);

  /** RFC 8415. */
  public static final OptionCode AUTH = new OptionCode(11);

  /** RFC 8415; obsolete by RFC 9915. */
  public static final OptionCode UNICAST = new OptionCode(12);

  /** RFC 8415. */
  public static final OptionCode STATUS_CODE = new OptionCode(13);

  /** RFC 8415. */
  public static final OptionCode RAPID_COMMIT = new OptionCode(14);

  /** RFC 8415. */
  public static final OptionCode USER_CLASS = new OptionCode(15);

  /** RFC 8415. */
  public static final OptionCode VENDOR_CLASS = new OptionCode(16);

  /** RFC 8415. */
  public static final OptionCode VENDOR_OPTS = new OptionCode(17);

  /** RFC 8415. */
  public static final OptionCode INTERFACE_ID = new OptionCode(18);

  /** RFC 8415. */
  public static final OptionCode RECONF_MSG = new OptionCode(19);

  /** RFC 8415. */
  public static final OptionCode RECONF_ACCEPT = new OptionCode(20);

  /** RFC 3646. */
  public static final OptionCode DNS_SERVERS = new OptionCode(23);

  /** RFC 3646. */
  public static final OptionCode DOMAIN_LIST = new OptionCode(24);

  /** RFC 8415. */
  public static final OptionCode IA_PD = new OptionCode(25);

  /** RFC 8415. */
  public static final OptionCode IAPREFIX = new OptionCode(26);

  /** RFC 8415. */
  public static final OptionCode INFORMATION_REFRESH_TIME = new OptionCode(32);

  /** RFC 4649. */
  public static final OptionCode REMOTE_ID = new OptionCode(37);

  /** RFC 4580. */
  public static final OptionCode SUBSCRIBER_ID = new OptionCode(38);

  /** RFC 4704. */
  public static final OptionCode CLIENT_FQDN = new OptionCode(39);

  /** RFC 4994. */
  public static final OptionCode ERO = new OptionCode(43);

  /** RFC 5007. */
  public static final OptionCode LQ_QUERY = new OptionCode(44);

  /** RFC 5007. */
  public static final OptionCode CLIENT_DATA = new OptionCode(45);

  /** RFC 5007. */
  public static final OptionCode CLT_TIME = new OptionCode(46);

  /** RFC 5007. */
  public static final OptionCode LQ_RELAY_DATA = new OptionCode(47);

  /** RFC 5007. */
  public static final OptionCode LQ_CLIENT_LINK = new OptionCode(48);

  /** RFC 5460. */
  public static final OptionCode RELAY_ID = new OptionCode(53);

  /** RFC 6334. */
  public static final OptionCode AFTR_NAME = new OptionCode(64);

  /** RFC 6440. */
  public static final OptionCode ERP_LOCAL_DOMAIN_NAME = new OptionCode(65);

  /** RFC 6422. */
  public static final OptionCode RSOO = new OptionCode(66);

  /** RFC 6939. */
  public static final OptionCode CLIENT_LINKLAYER_ADDR = new OptionCode(79);

  /** RFC 6977. */
  public static final OptionCode LINK_ADDRESS = new OptionCode(80);

  /** RFC 7037. */
  public static final OptionCode RADIUS = new OptionCode(81);

  /** RFC 8415. */
  public static final OptionCode SOL_MAX_RT = new OptionCode(82);

  /** RFC 8415. */
  public static final OptionCode INF_MAX_RT = new OptionCode(83);

  /** RFC 7341. */
  public static final OptionCode DHCP4_O_DHCP6_SERVER = new OptionCode(88);

  /** RFC 7598. */
  public static final OptionCode S46_RULE = new OptionCode(89);

  /** RFC 7598. */
  public static final OptionCode S46_BR = new OptionCode(90);

  /** RFC 7598. */
  public static final OptionCode S46_DMR = new OptionCode(91);

  /** RFC 7598. */
  public static final OptionCode S46_V4V6BIND = new OptionCode(92);

  /** RFC 7598. */
  public static final OptionCode S46_PORTPARAMS = new OptionCode(93);

  /** RFC 7598. */
  public static final OptionCode S46_CONT_MAPE = new OptionCode(94);

  /** RFC 7598. */
  public static final OptionCode S46_CONT_MAPT = new OptionCode(95);

  /** RFC 7598. */
  public static final OptionCode S46_CONT_LW = new OptionCode(96);

  /** RFC 7653. */
  public static final OptionCode LQ_BASE_TIME = new OptionCode(100);

  /** RFC 7653. */
  public static final OptionCode LQ_START_TIME = new OptionCode(101);

  /** RFC 7653. */
  public static final OptionCode LQ_END_TIME = new OptionCode(102);

  /** RFC 8026. */
  public static final OptionCode S46_PRIORITY = new OptionCode(111);

  /** RFC 8115. */
  public static final OptionCode V6_PREFIX64 = new OptionCode(113);

  /** RFC 8357. */
  public static final OptionCode RELAY_PORT = new OptionCode(135);

  /** RFC 9463. */
  public static final OptionCode V6_DNR = new OptionCode(144);

  private static final OptionCode[] LOW = new OptionCode[256];

  static {
    for (int i = 0; i < LOW.length; i++) {
      LOW[i] = new OptionCode(i);
    }
  }

  /** Refuses a number of more than two octets. */
  public OptionCode {
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException("option code " + number + " is not 0 to 65535");
    }
  }

  /** The code with this number. */
  public static OptionCode of(int number) {
    return number >= 0 && number < LOW.length ? LOW[number] : new OptionCode(number);
  }

  /** The registered name without OPTION_, like {@code IA_PD}, or the number. */
  @Override
  public String toString() {
    Optional<OptionDictionary.Definition> known = OptionDictionary.builtIn().byCode(this);
    return known.isPresent() ? known.get().registeredName() : Integer.toString(number);
  }
}
