package io.coagateway.das;

import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationAnswer.Verdict;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.Octets;

/**
 * Writes answers: header, then the attributes in this order, then the signatures.
 *
 * <ol>
 *   <li>Message-Authenticator, first, so that nothing chosen by others stands before it (the advice
 *       that followed CVE-2024-3596)
 *   <li>Error-Cause (RFC 5176 section 3.5)
 *   <li>what the answer itself brings: Service-Type, Acct-Terminate-Cause
 *   <li>State of a CoA-Request, unmodified (section 3.3)
 *   <li>Event-Timestamp with the time of the answer, when the request carried one (section 6.3)
 *   <li>every Proxy-State of the request, in order, untouched (section 3.1), last
 * </ol>
 *
 * <p>When all that exceeds 4096 octets, Event-Timestamp is left out, then what the answer brings,
 * then Error-Cause, then a Message-Authenticator that the request had not: the rest always fits,
 * because the request held it.
 */
final class AnswerWriter {
  private static final int INTEGER_LENGTH = 6;

  private final Authenticators authenticators;
  private final AttributeDictionary dictionary;
  private final byte[] packet = new byte[RadiusPacket.MAX_LENGTH];
  private int length;

  AnswerWriter(Authenticators authenticators, AttributeDictionary dictionary) {
    this.authenticators = authenticators;
    this.dictionary = dictionary;
  }

  /**
   * The octets of a signed answer.
   *
   * @param request the request as it came
   * @param signed whether the answer carries a Message-Authenticator
   * @param wallSeconds the time for Event-Timestamp, seconds since 1970
   */
  byte[] write(
      DynamicAuthorizationAnswer answer,
      RadiusPacket request,
      boolean signed,
      Secret secret,
      long wallSeconds) {
    PacketCode asked = PacketCode.of(request.code()).orElseThrow();
    PacketCode code = answer.verdict() == Verdict.ACK ? asked.ack() : asked.nak();
    Octets own = own(answer);
    int state =
        asked == PacketCode.COA_REQUEST
            ? request.first(Attributes.STATE.type())
            : RadiusPacket.NONE;
    Octets proxyStates = request.all(Attributes.PROXY_STATE.type());
    boolean timestamped = request.first(Attributes.EVENT_TIMESTAMP.type()) != RadiusPacket.NONE;

    int echoed = proxyStates.length();
    echoed += state == RadiusPacket.NONE ? 0 : request.valueLength(state) + 2;
    int room = RadiusPacket.MAX_LENGTH - RadiusPacket.HEADER_LENGTH - echoed;
    boolean sign = signed && room >= Authenticators.MESSAGE_AUTHENTICATOR_LENGTH;
    room -= sign ? Authenticators.MESSAGE_AUTHENTICATOR_LENGTH : 0;
    boolean withCause = answer.cause().isPresent() && room >= INTEGER_LENGTH;
    room -= withCause ? INTEGER_LENGTH : 0;
    boolean withOwn = own.length() <= room;
    room -= withOwn ? own.length() : 0;
    boolean withTimestamp = timestamped && room >= INTEGER_LENGTH;

    length = RadiusPacket.HEADER_LENGTH;
    if (sign) {
      header(Authenticators.MESSAGE_AUTHENTICATOR, Authenticators.MESSAGE_AUTHENTICATOR_LENGTH);
      length += RadiusPacket.AUTHENTICATOR_LENGTH; // filled in when signed
    }
    if (withCause) {
      integer(Attributes.ERROR_CAUSE.type(), answer.cause().orElseThrow().number());
    }
    if (withOwn) {
      append(own);
    }
    if (state != RadiusPacket.NONE) {
      append(request.attribute(state));
    }
    if (withTimestamp) {
      integer(Attributes.EVENT_TIMESTAMP.type(), wallSeconds);
    }
    append(proxyStates);
    packet[0] = (byte) code.number();
    packet[1] = (byte) request.identifier();
    packet[2] = (byte) (length >> 8);
    packet[3] = (byte) length;
    byte[] octets = new byte[length];
    System.arraycopy(packet, 0, octets, 0, length);
    authenticators.signResponse(octets, request.authenticator(), secret);
    return octets;
  }

  private Octets own(DynamicAuthorizationAnswer answer) {
    return answer.attributes().isEmpty()
        ? Octets.EMPTY
        : AttributeList.of(answer.attributes()).encode(dictionary);
  }

  private void header(int type, int attributeLength) {
    packet[length++] = (byte) type;
    packet[length++] = (byte) attributeLength;
  }

  private void integer(int type, long value) {
    header(type, INTEGER_LENGTH);
    packet[length++] = (byte) (value >> 24);
    packet[length++] = (byte) (value >> 16);
    packet[length++] = (byte) (value >> 8);
    packet[length++] = (byte) value;
  }

  private void append(Octets octets) {
    octets.copyTo(packet, length);
    length += octets.length();
  }
}
