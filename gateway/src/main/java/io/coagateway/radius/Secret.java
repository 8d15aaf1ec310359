package io.coagateway.radius;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The shared secret of one client. Its octets never leave this package; {@link #toString} hides
 * them.
 */
public final class Secret {
  /** Secrets of this many octets or fewer are worth a warning (deprecating-radius draft). */
  private static final int WEAK_LENGTH = 12;

  /** The block of MD5 in octets, to which HMAC pads its key (RFC 2104 section 2). */
  static final int BLOCK = 64;

  private final byte[] octets;
  private final byte[] innerPad;
  private final byte[] outerPad;

  private Secret(byte[] octets) {
    this.octets = octets;
    byte[] key = octets.length > BLOCK ? md5(octets) : octets; // RFC 2104 section 2
    this.innerPad = pad(key, 0x36);
    this.outerPad = pad(key, 0x5c);
  }

  /**
   * The UTF-8 octets of {@code text}.
   *
   * @throws IllegalArgumentException when it is empty, which RFC 2865 section 3 forbids
   */
  public static Secret of(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "the shared secret is empty; give one of at least 16 octets, better 32 random ones");
    }
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What to warn the operator of; empty when nothing. */
  public Optional<String> weakness() {
    return octets.length > WEAK_LENGTH
        ? Optional.empty()
        : Optional.of(
            "the shared secret has only "
                + octets.length
                + (octets.length == 1 ? " octet" : " octets")
                + "; one captured packet is enough to guess it. Give at least 16, better 32 random"
                + " ones");
  }

  byte[] octets() {
    return octets;
  }

  /** Key XOR 0x36, one block (RFC 2104 section 2). */
  byte[] innerPad() {
    return innerPad;
  }

  /** Key XOR 0x5c, one block (RFC 2104 section 2). */
  byte[] outerPad() {
    return outerPad;
  }

  private static byte[] pad(byte[] key, int with) {
    byte[] block = new byte[BLOCK];
    System.arraycopy(key, 0, block, 0, key.length);
    for (int i = 0; i < BLOCK; i++) {
      block[i] ^= (byte) with;
    }
    return block;
  }

  private static byte[] md5(byte[] octets) {
    return newMd5().digest(octets);
  }

  static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime offers no MD5, without which there is no RADIUS", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret s && MessageDigest.isEqual(octets, s.octets);
  }

  @Override
  public int hashCode() {
    return octets.length; // tells nothing but what weakness() tells already
  }

  /** {@code (secret)}, never the secret. */
  @Override
  public String toString() {
    return "(secret)";
  }
}
