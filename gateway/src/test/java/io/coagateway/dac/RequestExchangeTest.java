package io.coagateway.dac;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5080 section 2.2.1 and RFC 5176 section 2.3; known answers computed from the formulas. */
class RequestExchangeTest {
  private static final Secret SECRET = Secret.of("testing123");

  /** User-Name "alice", Event-Timestamp 0x68000000, Proxy-State "p1", "p2". */
  private static final Octets ATTRIBUTES =
      Octets.ofHex("0107616c696365 370668000000 21047031 21047032");

  private static final String COA =
      "2b07003b993023748065cc362a58a78d7889f1fc 501232d0a40146765b889683031ebce3c10d"
          + "0107616c696365 370668000000 21047031 21047032";
  private static final String ACK =
      "2c07002e8caf1ba83874b93a08c14631db50e057 50128059238b307a54d80ce400d15523d32e"
          + "21047031 21047032";
  private static final String NAK =
      "2d070034ba9d4d2ffdb268950794aaeff4316713 50123e23dc4a03281945fc1ee209e6f71c35"
          + "6506000001f7 21047031 21047032";

  private final ManualTime time = new ManualTime();
  private final List<String> sent = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Authenticators authenticators = new Authenticators();

  private RequestExchange exchange(RequestContent content, Retransmission retransmission) {
    long start = time.nanos();
    return new RequestExchange(
        content.sign(7, SECRET, authenticators),
        SECRET,
        retransmission,
        authenticators,
        time,
        time,
        () -> 0,
        packet ->
            sent.add(Duration.ofNanos(time.nanos() - start).toSeconds() + " " + packet.octets()),
        outcomes::add);
  }

  private RequestExchange begun() {
    RequestExchange exchange =
        exchange(RequestContent.of(Kind.COA, ATTRIBUTES), Retransmission.RFC_5080);
    exchange.begin();
    return exchange;
  }

  private static RadiusPacket packet(String hex) throws MalformedException {
    return RadiusPacket.parse(Octets.ofHex(hex));
  }

  @Test
  void repeatsTheSameOctetsAndGivesUpAfterMrd() {
    begun();
    time.pass(Duration.ofMillis(29_999));
    assertThat(outcomes).isEmpty();
    time.pass(Duration.ofMillis(1));
    String octets = Octets.ofHex(COA).toHex();
    assertThat(sent).containsExactly("0 " + octets, "2 " + octets, "6 " + octets, "14 " + octets);
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0).kind()).isEqualTo(Outcome.Kind.NO_ANSWER);
    assertThat(outcomes.get(0).transmissions()).isEqualTo(4);
    assertThat(time.waiting()).isZero();
  }

  @Test
  void givesUpAfterTheLastTransmissionHasWaited() {
    exchange(
            RequestContent.of(Kind.DISCONNECT, ATTRIBUTES),
            new Retransmission(
                Duration.ofSeconds(1), Duration.ofSeconds(3), 3, Duration.ofHours(1)))
        .begin();
    time.pass(Duration.ofMillis(5999));
    assertThat(sent).hasSize(3);
    assertThat(outcomes).isEmpty();
    time.pass(Duration.ofMillis(1)); // 1 + 2 + 3: MRT caps the third wait
    assertThat(outcomes).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({ACK + ", 44", NAK + ", 45"})
  void aProvenAnswerEndsIt(String answer, int code) throws MalformedException {
    RequestExchange exchange = begun();
    time.pass(Duration.ofSeconds(3));
    exchange.onAnswer(packet(answer));
    assertThat(outcomes).hasSize(1);
    Outcome.Answered answered = (Outcome.Answered) outcomes.get(0);
    assertThat(answered.answer().code()).isEqualTo(code);
    assertThat(answered.transmissions()).isEqualTo(2);
    assertThat(Duration.ofNanos(answered.nanos())).isEqualTo(Duration.ofSeconds(3));
    assertThat(time.waiting()).isZero();
    exchange.onAnswer(packet(answer));
    assertThat(outcomes).hasSize(1);
  }

  @Test
  void wrongAnswersAreCountedAndWaitedOn() throws MalformedException {
    RequestExchange exchange = begun();
    exchange.onAnswer(packet(ACK.replace("e057 5012", "e058 5012")));
    exchange.onAnswer(packet(ACK.replace("2c07002e", "2907002e"))); // Disconnect-ACK
    exchange.onAnswer(packet(COA)); // our own request reflected
    exchange.onAnswer(answer("50120102030405060708090a0b0c0d0e0f10", false));
    exchange.onAnswer(answer("5012" + "00".repeat(16) + "5012" + "00".repeat(16), true));
    exchange.onAnswer(answer("37066800012d", true)); // 301 s ahead
    exchange.onAnswer(answer("2101", false));
    assertThat(outcomes).isEmpty();
    exchange.onAnswer(answer("37066800012c", true)); // 300 s ahead
    assertThat(outcomes.get(0).wrongAnswers())
        .isEqualTo(
            Map.of(
                WrongAnswer.RESPONSE_AUTHENTICATOR, 1,
                WrongAnswer.CODE, 2,
                WrongAnswer.MESSAGE_AUTHENTICATOR, 2,
                WrongAnswer.EVENT_TIMESTAMP, 1,
                WrongAnswer.MALFORMED, 1));
  }

  /** An ACK with these attributes and a right Response Authenticator. */
  private RadiusPacket answer(String attributes, boolean signMessageAuthenticator)
      throws MalformedException {
    Octets content = Octets.ofHex(attributes);
    int length = 20 + content.length();
    byte[] octets =
        Octets.ofHex(String.format("2c07%04x", length) + "00".repeat(16)).plus(content).toArray();
    Octets request = packet(COA).authenticator();
    if (signMessageAuthenticator) {
      new Authenticators().signResponse(octets, request, SECRET);
    } else {
      signWithoutMessageAuthenticator(octets, request);
    }
    return RadiusPacket.parse(Octets.wrap(octets));
  }

  private static void signWithoutMessageAuthenticator(byte[] octets, Octets requestAuthenticator) {
    try {
      requestAuthenticator.copyTo(octets, 4);
      java.security.MessageDigest md5 = java.security.MessageDigest.getInstance("MD5");
      md5.update(octets);
      md5.update(Octets.ofUtf8("testing123").toArray());
      System.arraycopy(md5.digest(), 0, octets, 4, 16);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void putsEventTimestampAndNoMessageAuthenticatorWhereAsked() {
    RadiusPacket packet =
        new RequestContent(
                Kind.COA, Octets.ofHex("0107616c696365"), false, OptionalLong.of(0x68000000L))
            .sign(9, SECRET, authenticators);
    assertThat(packet.attributes().toHex()).isEqualTo("0107616c696365370668000000");
    assertThat(packet.identifier()).isEqualTo(9);
    assertThat(authenticators.requestAuthenticatorMatches(packet, SECRET)).isTrue();
  }
}
