package io.coagateway.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against packets computed outside the gateway, RFC 5176 (secret {@code testing123}). */
class RadiusOctetsTest {
  private static final HexFormat HEX = HexFormat.of();
  private final RadiusOctets octets = new RadiusOctets("testing123");

  private final byte[] request =
      new RadiusOctets.Builder(43, 7)
          .attribute(1, "alice")
          .attribute(55, 0x68000000)
          .attribute(33, "p1")
          .attribute(33, "p2")
          .signed(octets);

  private static byte[] answer() {
    return HEX.parseHex(
        "2c07002e8caf1ba83874b93a08c14631db50e057"
            + "501280592"
            + "38b307a54d80ce400d15523d32e2104703121047032");
  }

  private byte[] requestAuthenticator() {
    byte[] authenticator = new byte[16];
    System.arraycopy(request, 4, authenticator, 0, 16);
    return authenticator;
  }

  @Test
  void signsTheKnownRequest() {
    assertThat(HEX.formatHex(request))
        .isEqualTo(
            "2b07003b993023748065cc362a58a78d7889f1fc"
                + "501232d0a40146765b889683031ebce3c10d"
                + "0107616c6963653706680000002104703121047032");
  }

  @Test
  void verifiesTheKnownAnswer() {
    assertThat(octets.verifies(answer(), answer().length, requestAuthenticator())).isTrue();
  }

  @Test
  void seesEveryChangedOctet() {
    for (int at = 0; at < answer().length; at++) {
      byte[] changed = answer();
      changed[at] ^= 1;
      assertThat(octets.verifies(changed, changed.length, requestAuthenticator()))
          .as("octet " + at)
          .isFalse();
    }
  }
}
