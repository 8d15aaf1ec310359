package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * AUTH, option 11: authentication (RFC 8415 section 21.11).
 *
 * @param protocol 0 to 255; 3 is the Reconfigure Key Authentication Protocol
 * @param algorithm 0 to 255; 1 is HMAC-MD5 with protocol 3
 * @param rdm replay detection method, 0 to 255; 0 is a rising counter
 * @param replayDetection 64 bits
 * @param information what the protocol says
 */
public record AuthOption(
    int protocol, int algorithm, int rdm, long replayDetection, Octets information)
    implements Option {
  /** Protocol number of the Reconfigure Key Authentication Protocol (RFC 8415 section 20.4). */
  public static final int RKAP = 3;

  /** Algorithm number of HMAC-MD5 in {@link #RKAP}. */
  public static final int HMAC_MD5 = 1;

  private static final int RKAP_KEY = 1;
  private static final int RKAP_DIGEST = 2;
  private static final int RKAP_VALUE_LENGTH = 16;

  /** Refuses numbers that do not fit their octet. */
  public AuthOption {
    Printing.requireU8(protocol, "protocol");
    Printing.requireU8(algorithm, "algorithm");
    Printing.requireU8(rdm, "rdm");
  }

  /** The Reconfigure Key that a server gives a client (RFC 8415 section 20.4.1), sixteen octets. */
  public static AuthOption rkapKey(long replayDetection, Octets key) {
    return rkap(replayDetection, RKAP_KEY, key);
  }

  /** The HMAC-MD5 of a RECONFIGURE (RFC 8415 section 20.4.1), sixteen octets. */
  public static AuthOption rkapDigest(long replayDetection, Octets digest) {
    return rkap(replayDetection, RKAP_DIGEST, digest);
  }

  private static AuthOption rkap(long replayDetection, int type, Octets value) {
    if (value.length() != RKAP_VALUE_LENGTH) {
      throw new IllegalArgumentException("an RKAP value has 16 octets, not " + value.length());
    }
    return new AuthOption(
        RKAP, HMAC_MD5, 0, replayDetection, new OctetWriter(17).u8(type).octets(value).toOctets());
  }

  /** The Reconfigure Key in it, if that is what it holds. */
  public Optional<Octets> reconfigureKey() {
    return rkapValue(RKAP_KEY);
  }

  /** The HMAC-MD5 in it, if that is what it holds. */
  public Optional<Octets> reconfigureDigest() {
    return rkapValue(RKAP_DIGEST);
  }

  private Optional<Octets> rkapValue(int type) {
    return protocol == RKAP
            && algorithm == HMAC_MD5
            && information.length() == 1 + RKAP_VALUE_LENGTH
            && information.u8(0) == type
        ? Optional.of(information.from(1))
        : Optional.empty();
  }

  @Override
  public OptionCode code() {
    return OptionCode.AUTH;
  }

  @Override
  public int bodyLength() {
    return 11 + information.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u8(protocol).u8(algorithm).u8(rdm).u64(replayDetection).octets(information);
  }

  @Override
  public String describe() {
    return "protocol="
        + protocol
        + " algorithm="
        + algorithm
        + " rdm="
        + rdm
        + " replay="
        + Printing.hex64(replayDetection)
        + " information="
        + information;
  }
}
