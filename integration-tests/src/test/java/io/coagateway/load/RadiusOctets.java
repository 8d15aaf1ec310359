package io.coagateway.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * RADIUS requests built and answers verified on plain octets (RFC 5176 section 2.3), written apart
 * from the gateway's own code. Not for several threads.
 */
final class RadiusOctets {
  private static final int MESSAGE_AUTHENTICATOR = 80;

  private final byte[] secret;
  private final byte[] innerPad = new byte[64];
  private final byte[] outerPad = new byte[64];
  private final MessageDigest md5;

  RadiusOctets(String secret) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    if (this.secret.length > 64) {
      throw new IllegalArgumentException("a secret of the load generator has at most 64 octets");
    }
    try {
      md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
    Arrays.fill(innerPad, (byte) 0x36);
    Arrays.fill(outerPad, (byte) 0x5c);
    for (int i = 0; i < this.secret.length; i++) {
      innerPad[i] ^= this.secret[i];
      outerPad[i] ^= this.secret[i];
    }
  }

  /**
   * Completes a request: the Message-Authenticator, whose value of 16 zero octets stands at {@code
   * 22..37} as the first attribute, then the Request Authenticator, zero so far.
   */
  void sign(byte[] packet) {
    byte[] mac = hmac(packet, packet.length);
    System.arraycopy(mac, 0, packet, 22, 16);
    md5.update(packet);
    System.arraycopy(md5.digest(secret), 0, packet, 4, 16);
  }

  /**
   * Whether an answer is signed with our secret over the request's authenticator, its
   * Message-Authenticator included where it carries one.
   *
   * @param answer the datagram; its first {@code length} octets
   * @param requestAuthenticator 16 octets
   */
  boolean verifies(byte[] answer, int length, byte[] requestAuthenticator) {
    if (length < 20 || length != ((answer[2] & 0xff) << 8 | (answer[3] & 0xff))) {
      return false;
    }
    md5.update(answer, 0, 4);
    md5.update(requestAuthenticator);
    md5.update(answer, 20, length - 20);
    byte[] expected = md5.digest(secret);
    if (!Arrays.equals(expected, 0, 16, answer, 4, 20)) {
      return false;
    }
    for (int at = 20; at + 2 <= length; ) {
      int attributeLength = answer[at + 1] & 0xff;
      if (attributeLength < 2 || at + attributeLength > length) {
        return false;
      }
      if ((answer[at] & 0xff) == MESSAGE_AUTHENTICATOR) {
        return attributeLength == 18 && verifiesMac(answer, length, requestAuthenticator, at + 2);
      }
      at += attributeLength;
    }
    return true;
  }

  private boolean verifiesMac(byte[] answer, int length, byte[] requestAuthenticator, int at) {
    byte[] received = Arrays.copyOfRange(answer, at, at + 16);
    System.arraycopy(requestAuthenticator, 0, answer, 4, 16);
    Arrays.fill(answer, at, at + 16, (byte) 0);
    return Arrays.equals(received, hmac(answer, length));
  }

  private byte[] hmac(byte[] packet, int length) {
    md5.update(innerPad);
    md5.update(packet, 0, length);
    byte[] inner = md5.digest();
    md5.update(outerPad);
    return md5.digest(inner);
  }

  /** A request under construction: header, an empty Message-Authenticator, then attributes. */
  static final class Builder {
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);

    Builder(int code, int identifier) {
      buffer.put((byte) code).put((byte) identifier).putShort((short) 0).put(new byte[16]);
      attribute(MESSAGE_AUTHENTICATOR, new byte[16]);
    }

    Builder attribute(int type, byte[] value) {
      buffer.put((byte) type).put((byte) (value.length + 2)).put(value);
      return this;
    }

    Builder attribute(int type, String value) {
      return attribute(type, value.getBytes(StandardCharsets.UTF_8));
    }

    Builder attribute(int type, int value) {
      return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
    }

    byte[] signed(RadiusOctets octets) {
      buffer.putShort(2, (short) buffer.position());
      byte[] packet = Arrays.copyOf(buffer.array(), buffer.position());
      octets.sign(packet);
      return packet;
    }
  }
}
