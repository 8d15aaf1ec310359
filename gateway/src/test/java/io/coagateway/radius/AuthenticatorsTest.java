package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Known answers, computed independently from the formulas with the secret {@code testing123}; the
 * first is also the first packet of FreeRADIUS's public RFC 5176 vectors.
 */
class AuthenticatorsTest {
  private static final String DISCONNECT =
      "28010026e1792d2b4ab349f1a4c0fcc733d091c1 501258513d662847e5f8734a30dbdac8e4af";
  private static final String COA =
      "2b07003b993023748065cc362a58a78d7889f1fc 501232d0a40146765b889683031ebce3c10d"
          + "0107616c696365 370668000000 21047031 21047032";
  private static final String COA_WITHOUT_MA =
      "2b07002908d594ddbeddb0c64ea0f619147b2de8 0107616c696365 370668000000 21047031 21047032";
  private static final String ACK =
      "2c07002e8caf1ba83874b93a08c14631db50e057 50128059238b307a54d80ce400d15523d32e"
          + "21047031 21047032";
  private static final String NAK =
      "2d070034ba9d4d2ffdb268950794aaeff4316713 50123e23dc4a03281945fc1ee209e6f71c35"
          + "6506000001f7 21047031 21047032";

  private final Secret secret = Secret.of("testing123");
  private final Authenticators authenticators = new Authenticators();

  @ParameterizedTest
  @ValueSource(strings = {DISCONNECT, COA, COA_WITHOUT_MA})
  void requestsVerifyAndAreSignedAlike(String hex) throws MalformedException {
    RadiusPacket request = packet(hex);
    assertThat(authenticators.requestAuthenticatorMatches(request, secret)).isTrue();
    int at = request.first(Authenticators.MESSAGE_AUTHENTICATOR);
    if (at != RadiusPacket.NONE) {
      assertThat(authenticators.messageAuthenticatorMatches(request, at, secret)).isTrue();
    }
    byte[] unsigned = withoutSignatures(request);
    authenticators.signRequest(unsigned, secret);
    assertThat(Octets.wrap(unsigned)).isEqualTo(request.octets());
  }

  @ParameterizedTest
  @ValueSource(strings = {ACK, NAK})
  void answersVerifyAndAreSignedAlike(String hex) throws MalformedException {
    Octets requestAuthenticator = packet(COA).authenticator();
    RadiusPacket answer = packet(hex);
    assertThat(authenticators.responseAuthenticatorMatches(answer, requestAuthenticator, secret))
        .isTrue();
    assertThat(
            authenticators.messageAuthenticatorMatches(
                answer, RadiusPacket.HEADER_LENGTH, requestAuthenticator, secret))
        .isTrue();
    byte[] unsigned = withoutSignatures(answer);
    authenticators.signResponse(unsigned, requestAuthenticator, secret);
    assertThat(Octets.wrap(unsigned)).isEqualTo(answer.octets());
  }

  @Test
  void everyOctetOfARequestIsCovered() throws MalformedException {
    byte[] good = packet(COA).octets().toArray();
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      if (i == 2 || i == 3) {
        continue; // another Length is another packet; RadiusPacketTest looks at those
      }
      RadiusPacket request = RadiusPacket.parse(Octets.wrap(bad));
      assertThat(authenticators.requestAuthenticatorMatches(request, secret))
          .as("octet %d changed", i)
          .isFalse();
    }
  }

  @Test
  void anotherSecretMatchesNothing() throws MalformedException {
    Secret other = Secret.of("testing124");
    RadiusPacket request = packet(COA);
    assertThat(authenticators.requestAuthenticatorMatches(request, other)).isFalse();
    assertThat(authenticators.messageAuthenticatorMatches(request, 20, other)).isFalse();
    assertThat(
            authenticators.responseAuthenticatorMatches(
                packet(ACK), request.authenticator(), other))
        .isFalse();
  }

  @Test
  void messageAuthenticatorOverTheReceivedAuthenticatorIsNotRfc5176() throws Exception {
    byte[] request = withoutSignatures(packet(COA));
    packet(COA).authenticator().copyTo(request, RadiusPacket.AUTHENTICATOR_AT);
    System.arraycopy(hmacByJca(request, "testing123"), 0, request, 22, 16);
    RadiusPacket wrong = RadiusPacket.parse(Octets.wrap(request));
    assertThat(authenticators.messageAuthenticatorMatches(wrong, 20, secret)).isFalse();
  }

  /** What stood there before counts for nothing, nor does an attribute that is only as long. */
  @Test
  void onlyTheMessageAuthenticatorIsWrittenAndTheAuthenticatorIsNotRead() throws Exception {
    String nasIpv6Address = "5f12" + "20010db8000000000000000000000001";
    byte[] request = Octets.ofHex("2b070026" + "ab".repeat(16) + nasIpv6Address).toArray();
    authenticators.signRequest(request, secret);
    RadiusPacket signed = RadiusPacket.parse(Octets.wrap(request));
    assertThat(signed.attributes().toHex()).isEqualTo(nasIpv6Address);
    assertThat(authenticators.requestAuthenticatorMatches(signed, secret)).isTrue();
  }

  /** Sent on purpose: an attribute that ends nowhere, before or behind what could be one. */
  @ParameterizedTest
  @ValueSource(strings = {"0101", "01ff", "0100", "01", "0102 5012 00", "0102 5002"})
  void attributesThatDoNotFillThePacketAreSignedAsTheyAre(String hex) throws Exception {
    Octets attributes = Octets.ofHex(hex);
    byte[] request =
        Octets.ofHex("2b0700%02x".formatted(20 + attributes.length()) + "00".repeat(16))
            .plus(attributes)
            .toArray();
    authenticators.signRequest(request, secret);
    RadiusPacket signed = RadiusPacket.parse(Octets.wrap(request));
    assertThat(signed.attributes()).isEqualTo(attributes);
    assertThat(authenticators.requestAuthenticatorMatches(signed, secret)).isTrue();
  }

  /** RFC 2866 section 3: a Message-Authenticator may be there, and must match then. */
  @Test
  void anAccountingRequestIsProvenByBothWhereItHasBoth() throws Exception {
    assertThat(authenticators.requestMatches(packet(COA), secret)).isTrue();
    assertThat(authenticators.requestMatches(packet(COA_WITHOUT_MA), secret)).isTrue();
    assertThat(authenticators.requestMatches(packet(COA), Secret.of("testing124"))).isFalse();
    for (String attribute : List.of("5012" + "00".repeat(16), "5003aa", "5002")) {
      Octets attributes = Octets.ofHex(attribute);
      assertThat(authenticators.requestMatches(signedByHand(attributes), secret))
          .as(attribute)
          .isFalse();
    }
    assertThat(authenticators.requestMatches(signedByHand(Octets.ofHex("50ff")), secret))
        .as("judged by its Request Authenticator alone")
        .isTrue();
  }

  private static RadiusPacket signedByHand(Octets attributes) throws Exception {
    byte[] octets =
        Octets.ofHex("040700%02x".formatted(20 + attributes.length()) + "00".repeat(16))
            .plus(attributes)
            .toArray();
    MessageDigest digest = MessageDigest.getInstance("MD5");
    digest.update(octets);
    digest.update(Octets.ofUtf8("testing123").toArray());
    System.arraycopy(digest.digest(), 0, octets, RadiusPacket.AUTHENTICATOR_AT, 16);
    return RadiusPacket.parse(Octets.wrap(octets));
  }

  /** RFC 5997 section 6.2. */
  @Test
  void aStatusServerIsProvenByItsMessageAuthenticatorOverItsOwnAuthenticator() throws Exception {
    String header = "0cb3%s925f6b66dd5fed571fcb1db7ad388260";
    String signature = "5012e8d6eabda910875cd91fdade26367858";
    RadiusPacket status = packet(header.formatted("0026") + signature);
    assertThat(authenticators.statusServerMatches(status, Secret.of("xyzzy5461"))).isTrue();
    assertThat(authenticators.statusServerMatches(status, secret)).isFalse();
    RadiusPacket bare = packet(header.formatted("0014"));
    assertThat(authenticators.statusServerMatches(bare, Secret.of("xyzzy5461"))).isFalse();
    RadiusPacket cut = packet(header.formatted("0017") + "5003e8");
    assertThat(authenticators.statusServerMatches(cut, Secret.of("xyzzy5461"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 128})
  void hmacEqualsTheOneOfTheJavaRuntimeForEveryLengthOfSecret(int length) throws Exception {
    String text = "s".repeat(length);
    byte[] request = withoutSignatures(packet(COA));
    byte[] expected = hmacByJca(request, text);
    authenticators.signRequest(request, Secret.of(text));
    assertThat(Arrays.copyOfRange(request, 22, 38)).isEqualTo(expected);
  }

  private static byte[] hmacByJca(byte[] packet, String secret) throws Exception {
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec(Octets.ofUtf8(secret).toArray(), "HmacMD5"));
    return mac.doFinal(packet);
  }

  private static byte[] withoutSignatures(RadiusPacket packet) {
    byte[] octets = packet.octets().toArray();
    Arrays.fill(octets, 4, 20, (byte) 0);
    int at = packet.first(Authenticators.MESSAGE_AUTHENTICATOR);
    if (at != RadiusPacket.NONE) {
      Arrays.fill(octets, at + 2, at + 18, (byte) 0);
    }
    return octets;
  }

  private static RadiusPacket packet(String hex) throws MalformedException {
    return RadiusPacket.parse(Octets.ofHex(hex));
  }
}
