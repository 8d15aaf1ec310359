package io.coagateway.radsec;

import io.coagateway.radius.Attributes;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.OtherPacketCodes;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Status-Server (RFC 5997), the watchdog of RADIUS over TLS, in both roles; and the answer that RFC
 * 6614 section 2.5 has for accounting that nobody wants here. Not thread-safe: one event loop.
 *
 * <p>Its Message-Authenticator is computed over the packet with its own, random Request
 * Authenticator (RFC 5997 section 3), not over zeros as that of a CoA-Request is.
 */
final class StatusServer {
  private static final int ERROR_CAUSE_LENGTH = 6;
  private static final int MAX_TEXT = 253;

  private final Authenticators authenticators = new Authenticators();
  private final RandomGenerator random;

  StatusServer(RandomGenerator random) {
    this.random = random;
  }

  /** A Status-Server that says who asks. */
  RadiusPacket request(int identifier, Optional<String> nasIdentifier, Secret secret) {
    Octets name = nasIdentifier.map(Octets::ofUtf8).orElse(Octets.EMPTY);
    name = name.slice(0, Math.min(name.length(), MAX_TEXT));
    int length =
        RadiusPacket.HEADER_LENGTH
            + Authenticators.MESSAGE_AUTHENTICATOR_LENGTH
            + (name.isEmpty() ? 0 : 2 + name.length());
    byte[] nonce = new byte[RadiusPacket.AUTHENTICATOR_LENGTH];
    random.nextBytes(nonce);
    OctetWriter out = new OctetWriter(length);
    out.u8(OtherPacketCodes.STATUS_SERVER)
        .u8(identifier)
        .u16(length)
        .zeros(RadiusPacket.AUTHENTICATOR_LENGTH);
    messageAuthenticator(out);
    if (!name.isEmpty()) {
      out.u8(Attributes.NAS_IDENTIFIER.type()).u8(2 + name.length()).octets(name);
    }
    byte[] packet = out.toArray();
    // Signed as an answer to itself: then its Message-Authenticator covers the nonce ...
    authenticators.signResponse(packet, Octets.wrap(nonce), secret);
    // ... which is also what stays in the header.
    System.arraycopy(nonce, 0, packet, RadiusPacket.AUTHENTICATOR_AT, nonce.length);
    return packet(packet);
  }

  /** Whether a packet answers one of our own. Which code it has does not matter. */
  boolean isAnswer(RadiusPacket answer, RadiusPacket request, Secret secret) {
    return answer.identifier() == request.identifier()
        && authenticators.responseAuthenticatorMatches(answer, request.authenticator(), secret);
  }

  /** Whether a Status-Server of the other end is authentic; its attributes must be well-formed. */
  boolean isAuthentic(RadiusPacket request, Secret secret) {
    return authenticators.statusServerMatches(request, secret);
  }

  /** The answer to a Status-Server on a port for everything: an Access-Accept (section 4.1). */
  byte[] answer(RadiusPacket request, Secret secret) {
    int length = RadiusPacket.HEADER_LENGTH + Authenticators.MESSAGE_AUTHENTICATOR_LENGTH;
    OctetWriter out = new OctetWriter(length);
    out.u8(OtherPacketCodes.ACCESS_ACCEPT).u8(request.identifier()).u16(length);
    out.zeros(RadiusPacket.AUTHENTICATOR_LENGTH);
    messageAuthenticator(out);
    return signed(out, request, secret);
  }

  /** Whether an Accounting-Request of the other end is authentic. */
  boolean isAuthenticAccounting(RadiusPacket request, Secret secret) {
    return authenticators.requestMatches(request, secret);
  }

  /**
   * An Accounting-Response that says: Unsupported Extension (RFC 6614 section 2.5), with the
   * request's Proxy-States (RFC 2865 section 5.33); where these leave no room, they alone.
   */
  byte[] refuseAccounting(RadiusPacket request, Secret secret) {
    Octets proxyStates = request.all(Attributes.PROXY_STATE.type());
    int own = Authenticators.MESSAGE_AUTHENTICATOR_LENGTH + ERROR_CAUSE_LENGTH;
    int least = RadiusPacket.HEADER_LENGTH + proxyStates.length();
    boolean hasRoom = least + own <= RadiusPacket.MAX_LENGTH;
    int length = least + (hasRoom ? own : 0);
    OctetWriter out = new OctetWriter(length);
    out.u8(OtherPacketCodes.ACCOUNTING_RESPONSE).u8(request.identifier()).u16(length);
    out.zeros(RadiusPacket.AUTHENTICATOR_LENGTH);
    if (hasRoom) {
      messageAuthenticator(out);
      out.u8(Attributes.ERROR_CAUSE.type())
          .u8(ERROR_CAUSE_LENGTH)
          .u32(ErrorCause.UNSUPPORTED_EXTENSION.number());
    }
    out.octets(proxyStates);
    return signed(out, request, secret);
  }

  private byte[] signed(OctetWriter out, RadiusPacket request, Secret secret) {
    byte[] octets = out.toArray();
    authenticators.signResponse(octets, request.authenticator(), secret);
    return octets;
  }

  private static void messageAuthenticator(OctetWriter out) {
    out.u8(Authenticators.MESSAGE_AUTHENTICATOR)
        .u8(Authenticators.MESSAGE_AUTHENTICATOR_LENGTH)
        .zeros(RadiusPacket.AUTHENTICATOR_LENGTH);
  }

  private static RadiusPacket packet(byte[] octets) {
    try {
      return RadiusPacket.parse(Octets.wrap(octets));
    } catch (MalformedException e) {
      throw new IllegalStateException("what was written can be read", e);
    }
  }
}
