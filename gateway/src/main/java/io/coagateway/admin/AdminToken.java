package io.coagateway.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The bearer token that opens the subscriber table and the events. Its text is never shown. */
public final class AdminToken {
  /** Shorter ones can be guessed over a network. */
  public static final int MIN_LENGTH = 16;

  private final byte[] octets;

  private AdminToken(byte[] octets) {
    this.octets = octets;
  }

  /**
   * The token that is {@code text}.
   *
   * @throws IllegalArgumentException when it has fewer than {@value #MIN_LENGTH} characters or any
   *     that a header cannot carry
   */
  public static AdminToken of(String text) {
    if (text.length() < MIN_LENGTH || !text.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          "the token must have at least "
              + MIN_LENGTH
              + " characters, none of them a space. Make one with: openssl rand -hex 32");
    }
    return new AdminToken(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether {@code authorization}, a header's value, presents this token; in constant time. */
  boolean isIn(String authorization) {
    String scheme = "Bearer ";
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length())
        && MessageDigest.isEqual(
            octets,
            authorization.substring(scheme.length()).strip().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdminToken t && MessageDigest.isEqual(octets, t.octets);
  }

  @Override
  public int hashCode() {
    return octets.length; // tells little
  }

  /** {@code (token)}, never the token. */
  @Override
  public String toString() {
    return "(token)";
  }
}
