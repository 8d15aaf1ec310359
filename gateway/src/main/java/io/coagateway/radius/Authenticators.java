package io.coagateway.radius;

import io.coagateway.wire.Octets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Computes and checks the authenticators of RFC 5176 packets. {@code ||} is concatenation, {@code
 * Z16} sixteen zero octets, {@code S} the secret:
 *
 * <pre>
 * Request Authenticator  (40, 43)  MD5( Code || Id || Length || Z16 || Attrs || S )           RFC 5176 section 2.3
 * Response Authenticator (41..45)  MD5( Code || Id || Length || RequestAuth || Attrs || S )   RFC 5176 section 2.3
 * Message-Authenticator, request   HMAC-MD5( S, Code || Id || Length || Z16 || Attrs )        RFC 5176 section 3.4
 * Message-Authenticator, response  HMAC-MD5( S, Code || Id || Length || RequestAuth || Attrs )
 * </pre>
 *
 * <p>The last two take the value of the Message-Authenticator itself as Z16. It is computed first,
 * then the packet's authenticator over the result. Note the Z16 in a request: an Access-Request
 * would have its own random authenticator there (RFC 2869 section 5.14), and some implementations
 * wrongly do the same here.
 *
 * <p>One instance for each event loop: it reuses its digest and its memory and is not thread-safe.
 * Comparisons take the same time wherever the difference is.
 */
public final class Authenticators {
  /** The attribute type of Message-Authenticator (RFC 2869 section 5.14). */
  public static final int MESSAGE_AUTHENTICATOR = Attributes.MESSAGE_AUTHENTICATOR.type();

  /** The Length of a Message-Authenticator: 18 octets with Type and Length. */
  public static final int MESSAGE_AUTHENTICATOR_LENGTH = 18;

  private static final int DIGEST = RadiusPacket.AUTHENTICATOR_LENGTH;

  private final MessageDigest md5 = Secret.newMd5();
  private final byte[] packet = new byte[RadiusPacket.MAX_LENGTH];
  private final byte[] digest = new byte[DIGEST];

  /** Whether the Request Authenticator of a CoA-Request or Disconnect-Request matches. */
  public boolean requestAuthenticatorMatches(RadiusPacket request, Secret secret) {
    int length = load(request);
    zeroAuthenticator(packet);
    packetDigest(packet, length, secret);
    return matches(request, RadiusPacket.AUTHENTICATOR_AT);
  }

  /**
   * Whether the Message-Authenticator at offset {@code at} of a request matches.
   *
   * @param at where the attribute stands; its Length must be 18
   */
  public boolean messageAuthenticatorMatches(RadiusPacket request, int at, Secret secret) {
    int length = load(request);
    zeroAuthenticator(packet);
    return messageAuthenticatorMatches(request, length, at, secret);
  }

  /** Whether the Response Authenticator of an answer matches. */
  public boolean responseAuthenticatorMatches(
      RadiusPacket response, Octets requestAuthenticator, Secret secret) {
    int length = load(response);
    requestAuthenticator.copyTo(packet, RadiusPacket.AUTHENTICATOR_AT);
    packetDigest(packet, length, secret);
    return matches(response, RadiusPacket.AUTHENTICATOR_AT);
  }

  /**
   * Whether the Message-Authenticator at offset {@code at} of an answer matches.
   *
   * @param at where the attribute stands; its Length must be 18
   */
  public boolean messageAuthenticatorMatches(
      RadiusPacket response, int at, Octets requestAuthenticator, Secret secret) {
    int length = load(response);
    requestAuthenticator.copyTo(packet, RadiusPacket.AUTHENTICATOR_AT);
    return messageAuthenticatorMatches(response, length, at, secret);
  }

  private boolean messageAuthenticatorMatches(
      RadiusPacket received, int length, int at, Secret secret) {
    if (received.valueLength(at) != DIGEST) {
      throw new IllegalArgumentException("no Message-Authenticator of length 18 at offset " + at);
    }
    Arrays.fill(packet, at + 2, at + MESSAGE_AUTHENTICATOR_LENGTH, (byte) 0);
    hmac(packet, length, secret);
    return matches(received, at + 2);
  }

  /**
   * Signs a request in place: the Message-Authenticator when it has one, then the Request
   * Authenticator.
   *
   * @param request a whole packet whose Length field and attributes are final
   */
  public void signRequest(byte[] request, Secret secret) {
    zeroAuthenticator(request);
    sign(request, secret);
  }

  /**
   * Whether a request is authentic whose Message-Authenticator nobody demands: an
   * Accounting-Request (RFC 2866 section 3), both computed as those of a CoA-Request. One whose
   * attributes are not well-formed is judged by its Request Authenticator alone.
   */
  public boolean requestMatches(RadiusPacket request, Secret secret) {
    if (!requestAuthenticatorMatches(request, secret)) {
      return false;
    }
    int at =
        request.attributeDefect() == RadiusPacket.NONE
            ? request.first(MESSAGE_AUTHENTICATOR)
            : RadiusPacket.NONE;
    return at == RadiusPacket.NONE
        || (request.valueLength(at) == RadiusPacket.AUTHENTICATOR_LENGTH
            && messageAuthenticatorMatches(request, at, secret));
  }

  /**
   * Whether a Status-Server is authentic: its Message-Authenticator, without which it is not, is
   * computed over the packet with its own, random Request Authenticator (RFC 5997 section 3), not
   * over zeros as that of a CoA-Request is.
   *
   * @param request its attributes must be well-formed
   */
  public boolean statusServerMatches(RadiusPacket request, Secret secret) {
    int at = request.first(MESSAGE_AUTHENTICATOR);
    return at != RadiusPacket.NONE
        && request.valueLength(at) == RadiusPacket.AUTHENTICATOR_LENGTH
        && messageAuthenticatorMatches(request, at, request.authenticator(), secret);
  }

  /**
   * Signs an answer in place: the Message-Authenticator when it has one, then the Response
   * Authenticator.
   *
   * @param response a whole packet whose Length field and attributes are final
   * @param requestAuthenticator the sixteen octets received in the request
   */
  public void signResponse(byte[] response, Octets requestAuthenticator, Secret secret) {
    requestAuthenticator.copyTo(response, RadiusPacket.AUTHENTICATOR_AT);
    sign(response, secret);
  }

  private void sign(byte[] target, Secret secret) {
    int length = (target[2] & 0xff) << 8 | (target[3] & 0xff);
    int at = messageAuthenticatorIn(target, length);
    if (at != RadiusPacket.NONE) {
      Arrays.fill(target, at + 2, at + MESSAGE_AUTHENTICATOR_LENGTH, (byte) 0);
      hmac(target, length, secret);
      System.arraycopy(digest, 0, target, at + 2, DIGEST);
    }
    packetDigest(target, length, secret);
    System.arraycopy(digest, 0, target, RadiusPacket.AUTHENTICATOR_AT, DIGEST);
  }

  /** The first one; attributes that do not fill the packet, sent on purpose, have none. */
  private static int messageAuthenticatorIn(byte[] target, int length) {
    int at = RadiusPacket.HEADER_LENGTH;
    while (length - at >= 2) {
      int attributeLength = target[at + 1] & 0xff;
      if (attributeLength < 2 || attributeLength > length - at) {
        return RadiusPacket.NONE;
      }
      if ((target[at] & 0xff) == MESSAGE_AUTHENTICATOR
          && attributeLength == MESSAGE_AUTHENTICATOR_LENGTH) {
        return at;
      }
      at += attributeLength;
    }
    return RadiusPacket.NONE;
  }

  private int load(RadiusPacket from) {
    from.octets().copyTo(packet, 0);
    return from.length();
  }

  private static void zeroAuthenticator(byte[] in) {
    Arrays.fill(in, RadiusPacket.AUTHENTICATOR_AT, RadiusPacket.HEADER_LENGTH, (byte) 0);
  }

  private void packetDigest(byte[] of, int length, Secret secret) {
    md5.update(of, 0, length);
    md5.update(secret.octets());
    finish();
  }

  /** HMAC-MD5 (RFC 2104 section 2): MD5( outerPad || MD5( innerPad || packet ) ). */
  private void hmac(byte[] of, int length, Secret secret) {
    md5.update(secret.innerPad());
    md5.update(of, 0, length);
    finish();
    md5.update(secret.outerPad());
    md5.update(digest);
    finish();
  }

  private void finish() {
    try {
      md5.digest(digest, 0, DIGEST);
    } catch (DigestException e) {
      throw new IllegalStateException("MD5 makes sixteen octets", e);
    }
  }

  /** Looks at all sixteen octets whatever the first ones are. */
  private boolean matches(RadiusPacket received, int at) {
    Octets octets = received.octets();
    int difference = 0;
    for (int i = 0; i < DIGEST; i++) {
      difference |= (digest[i] & 0xff) ^ octets.u8(at + i);
    }
    return difference == 0;
  }
}
