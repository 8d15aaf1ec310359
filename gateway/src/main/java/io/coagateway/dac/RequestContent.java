package io.coagateway.dac;

import io.coagateway.radius.Attributes;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What is to be asked: everything of a request but its Identifier and its signatures.
 *
 * @param kind CoA or Disconnect
 * @param attributes whole attributes in wire order, for example from {@code AttributeList.encode}
 * @param messageAuthenticator whether a Message-Authenticator is put before them (RFC 5176 section
 *     3.4 leaves that to the client)
 * @param eventTimestamp what Event-Timestamp to add after them, seconds since 1970; empty for none
 */
public record RequestContent(
    Kind kind, Octets attributes, boolean messageAuthenticator, OptionalLong eventTimestamp) {
  private static final int EVENT_TIMESTAMP_LENGTH = 6;

  /** Refuses what exceeds a packet of 4096 octets. */
  public RequestContent {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(eventTimestamp);
    int length = length(attributes, messageAuthenticator, eventTimestamp);
    if (length > RadiusPacket.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the request would have "
              + length
              + " octets; a packet has at most "
              + RadiusPacket.MAX_LENGTH);
    }
  }

  /** With a Message-Authenticator and without Event-Timestamp. */
  public static RequestContent of(Kind kind, Octets attributes) {
    return new RequestContent(kind, attributes, true, OptionalLong.empty());
  }

  private static int length(Octets attributes, boolean signed, OptionalLong eventTimestamp) {
    return RadiusPacket.HEADER_LENGTH
        + (signed ? Authenticators.MESSAGE_AUTHENTICATOR_LENGTH : 0)
        + attributes.length()
        + (eventTimestamp.isPresent() ? EVENT_TIMESTAMP_LENGTH : 0);
  }

  /** The code that goes with {@link #kind}. */
  public PacketCode code() {
    return kind == Kind.COA ? PacketCode.COA_REQUEST : PacketCode.DISCONNECT_REQUEST;
  }

  /**
   * The packet, signed.
   *
   * @param identifier 0 to 255
   */
  RadiusPacket sign(int identifier, Secret secret, Authenticators authenticators) {
    int length = length(attributes, messageAuthenticator, eventTimestamp);
    OctetWriter out = new OctetWriter(length);
    out.u8(code().number()).u8(identifier).u16(length).zeros(RadiusPacket.AUTHENTICATOR_LENGTH);
    if (messageAuthenticator) {
      out.u8(Authenticators.MESSAGE_AUTHENTICATOR)
          .u8(Authenticators.MESSAGE_AUTHENTICATOR_LENGTH)
          .zeros(RadiusPacket.AUTHENTICATOR_LENGTH);
    }
    out.octets(attributes);
    eventTimestamp.ifPresent(
        time -> out.u8(Attributes.EVENT_TIMESTAMP.type()).u8(EVENT_TIMESTAMP_LENGTH).u32(time));
    byte[] packet = out.toArray();
    authenticators.signRequest(packet, secret);
    try {
      return RadiusPacket.parse(Octets.wrap(packet));
    } catch (MalformedException e) {
      throw new IllegalStateException("we wrote this packet ourselves", e);
    }
  }
}
