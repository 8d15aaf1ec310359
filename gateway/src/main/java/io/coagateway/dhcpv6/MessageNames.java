package io.coagateway.dhcpv6;

import java.util.Arrays;

/**
 * The names of message types for people: the registered ones (IANA registry "DHCPv6 Message
 * Types"), and those that a configuration gives to the unassigned numbers of the release draft.
 * Immutable.
 */
public final class MessageNames {
  /** What the draft calls the request (section 3.1). */
  public static final String RELEASE_REQUEST = "RELEASE-REQUEST";

  /** What the draft calls the answer (section 3.1). */
  public static final String RELEASE_REQUEST_REPLY = "RELEASE-REQUEST-REPLY";

  /** The registered names alone. */
  public static final MessageNames STANDARD =
      new MessageNames(
          // index = number; 0 is reserved
          null,
          "SOLICIT",
          "ADVERTISE",
          "REQUEST",
          "CONFIRM",
          "RENEW",
          "REBIND",
          "REPLY",
          "RELEASE",
          "DECLINE",
          "RECONFIGURE",
          "INFORMATION-REQUEST",
          "RELAY-FORW",
          "RELAY-REPL",
          "LEASEQUERY",
          "LEASEQUERY-REPLY",
          "LEASEQUERY-DONE",
          "LEASEQUERY-DATA",
          "RECONFIGURE-REQUEST",
          "RECONFIGURE-REPLY",
          "DHCPV4-QUERY",
          "DHCPV4-RESPONSE",
          "ACTIVELEASEQUERY",
          "STARTTLS",
          "BNDUPD",
          "BNDREPLY",
          "POOLREQ",
          "POOLRESP",
          "UPDREQ",
          "UPDREQALL",
          "UPDDONE",
          "CONNECT",
          "CONNECTREPLY",
          "DISCONNECT",
          "STATE",
          "CONTACT",
          "ADDR-REG-INFORM",
          "ADDR-REG-REPLY");

  private final String[] names;

  private MessageNames(String... known) {
    names = Arrays.copyOf(known, 256);
  }

  /** These names and the two of the release draft for the types configured. */
  public MessageNames withRelease(MessageType request, MessageType reply) {
    MessageNames more = new MessageNames(names);
    more.names[request.number()] = RELEASE_REQUEST;
    more.names[reply.number()] = RELEASE_REQUEST_REPLY;
    return more;
  }

  /** The name, or the number where there is none. */
  public String nameOf(MessageType type) {
    String name = names[type.number()];
    return name != null ? name : Integer.toString(type.number());
  }
}
