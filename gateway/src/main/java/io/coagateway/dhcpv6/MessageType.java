package io.coagateway.dhcpv6;

/**
 * The first octet of a message. Open: any number survives. The two types of the release draft were
 * never assigned; they are configured numbers, named for people by {@link MessageNames}.
 *
 * @param number 0 to 255
 */
public record MessageType(int number) {
  /** RFC 8415 section 7.3. */
  public static final MessageType SOLICIT = new MessageType(1);

  /** RFC 8415 section 7.3. */
  public static final MessageType ADVERTISE = new MessageType(2);

  /** RFC 8415 section 7.3. */
  public static final MessageType REQUEST = new MessageType(3);

  /** RFC 8415 section 7.3. */
  public static final MessageType CONFIRM = new MessageType(4);

  /** RFC 8415 section 7.3. */
  public static final MessageType RENEW = new MessageType(5);

  /** RFC 8415 section 7.3. */
  public static final MessageType REBIND = new MessageType(6);

  /** RFC 8415 section 7.3. */
  public static final MessageType REPLY = new MessageType(7);

  /** RFC 8415 section 7.3. */
  public static final MessageType RELEASE = new MessageType(8);

  /** RFC 8415 section 7.3. */
  public static final MessageType DECLINE = new MessageType(9);

  /** RFC 8415 section 7.3. */
  public static final MessageType RECONFIGURE = new MessageType(10);

  /** RFC 8415 section 7.3. */
  public static final MessageType INFORMATION_REQUEST = new MessageType(11);

  /** RFC 8415 section 7.3. */
  public static final MessageType RELAY_FORW = new MessageType(12);

  /** RFC 8415 section 7.3. */
  public static final MessageType RELAY_REPL = new MessageType(13);

  /** RFC 5007 section 4.2.1. */
  public static final MessageType LEASEQUERY = new MessageType(14);

  /** RFC 5007 section 4.2.2. */
  public static final MessageType LEASEQUERY_REPLY = new MessageType(15);

  /** RFC 5460 section 5.2.2. */
  public static final MessageType LEASEQUERY_DONE = new MessageType(16);

  /** RFC 5460 section 5.2.1. */
  public static final MessageType LEASEQUERY_DATA = new MessageType(17);

  /** RFC 6977 section 6.1. */
  public static final MessageType RECONFIGURE_REQUEST = new MessageType(18);

  /** RFC 6977 section 6.1. */
  public static final MessageType RECONFIGURE_REPLY = new MessageType(19);

  /** RFC 7341. */
  public static final MessageType DHCPV4_QUERY = new MessageType(20);

  /** RFC 7341. */
  public static final MessageType DHCPV4_RESPONSE = new MessageType(21);

  /** RFC 7653. */
  public static final MessageType ACTIVELEASEQUERY = new MessageType(22);

  /** RFC 7653. */
  public static final MessageType STARTTLS = new MessageType(23);

  /** RFC 8156. */
  public static final MessageType BNDUPD = new MessageType(24);

  /** RFC 8156. */
  public static final MessageType BNDREPLY = new MessageType(25);

  /** RFC 8156. */
  public static final MessageType POOLREQ = new MessageType(26);

  /** RFC 8156. */
  public static final MessageType POOLRESP = new MessageType(27);

  /** RFC 8156. */
  public static final MessageType UPDREQ = new MessageType(28);

  /** RFC 8156. */
  public static final MessageType UPDREQALL = new MessageType(29);

  /** RFC 8156. */
  public static final MessageType UPDDONE = new MessageType(30);

  /** RFC 8156. */
  public static final MessageType CONNECT = new MessageType(31);

  /** RFC 8156. */
  public static final MessageType CONNECTREPLY = new MessageType(32);

  /** RFC 8156. */
  public static final MessageType DISCONNECT = new MessageType(33);

  /** RFC 8156. */
  public static final MessageType STATE = new MessageType(34);

  /** RFC 8156. */
  public static final MessageType CONTACT = new MessageType(35);

  /** RFC 9686. */
  public static final MessageType ADDR_REG_INFORM = new MessageType(36);

  /** RFC 9686. */
  public static final MessageType ADDR_REG_REPLY = new MessageType(37);

  private static final MessageType[] ALL = new MessageType[256];

  /** Refuses a number of more than one octet. */
  public MessageType {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException("message type " + number + " is not 0 to 255");
    }
  }

  static {
    for (int i = 0; i < ALL.length; i++) {
      ALL[i] = new MessageType(i);
    }
  }

  /** The type with this number, 0 to 255. */
  public static MessageType of(int number) {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException("message type " + number + " is not 0 to 255");
    }
    return ALL[number];
  }

  /** Whether the message has the relay format (RFC 8415 section 9). */
  public boolean isRelay() {
    return number == 12 || number == 13;
  }

  /** Whether the message belongs to failover, with a header of its own (RFC 8156 section 5.2). */
  boolean isFailover() {
    return number >= 24 && number <= 35;
  }

  /** The registered name, like {@code RECONFIGURE-REQUEST}, or the number. */
  @Override
  public String toString() {
    return MessageNames.STANDARD.nameOf(this);
  }
}
