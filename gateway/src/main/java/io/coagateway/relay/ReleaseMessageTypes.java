package io.coagateway.relay;

import io.coagateway.dhcpv6.MessageType;

/**
 * The numbers of the release request and its reply. The draft's numbers were never assigned, so
 * both are configured: outside 1 to 37, which IANA has given to others, and different.
 *
 * @param request the RELEASE-REQUEST, 38 to 255
 * @param reply the RELEASE-REQUEST-REPLY, 38 to 255
 */
public record ReleaseMessageTypes(MessageType request, MessageType reply) {
  /** Refuses assigned numbers, and the same number twice. */
  public ReleaseMessageTypes {
    check("release-request-type", request);
    check("release-request-reply-type", reply);
    if (request.equals(reply)) {
      throw new IllegalArgumentException(
          "release-request-type and release-request-reply-type are both " + reply.number());
    }
  }

  private static void check(String name, MessageType type) {
    if (type.number() < 38 || type.number() > 255) {
      throw new IllegalArgumentException(
          name + " " + type.number() + " is not 38 to 255; 1 to 37 are assigned to others");
    }
  }
}
