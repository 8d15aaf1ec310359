package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

class DecodeRadiusCommandTest {
  // the known-answer packets of the protocol reference, secret testing123
  private static final String COA =
      "2b07003b993023748065cc362a58a78d7889f1fc501232d0a40146765b889683031ebce3c10d"
          + "0107616c6963653706680000002104703121047032";
  private static final String NAK =
      "2d070034ba9d4d2ffdb268950794aaeff431671350123e23dc4a03281945fc1ee209e6f71c35"
          + "6506000001f72104703121047032";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new DecodeRadiusCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void verifiesARequest() {
    assertThat(run("--secret", "testing123", COA)).isZero();
    assertThat(out.toString())
        .startsWith("CoA-Request id 7 length 59")
        .contains("  User-Name = \"alice\"\n")
        .contains("  Request Authenticator is correct\n")
        .endsWith("  Message-Authenticator is correct\n");
  }

  @Test
  void failsWhenTheSecretIsWrong() {
    assertThat(run("--secret", "testing124", COA)).isEqualTo(1);
    assertThat(out.toString())
        .contains("Request Authenticator is wrong")
        .contains("Message-Authenticator is wrong");
  }

  @Test
  void aMistakeInTheArgumentsIsNoMalformedPacket() {
    assertThat(run("--dictionary", "no-such-file", COA)).isEqualTo(2);
    assertThat(run("--secret", "testing123", "--request-authenticator", "00", NAK)).isEqualTo(2);
    assertThat(err.toString()).contains("no-such-file", "--request-authenticator: \"00\" has 1");
    assertThat(run("--secret", "", COA)).isEqualTo(2);
    assertThat(err.toString()).contains("\n--secret: the shared secret is empty");
  }

  @Test
  void verifiesAnAnswerByTheAuthenticatorOfItsRequest() {
    assertThat(
            run(
                "--secret",
                "testing123",
                "--request-authenticator",
                "993023748065cc362a58a78d7889f1fc",
                NAK))
        .isZero();
    assertThat(out.toString())
        .contains("CoA-NAK id 7")
        .contains("Error-Cause = Session-Context-Not-Found")
        .contains("Response Authenticator is correct")
        .contains("Message-Authenticator is correct");
  }

  /** The packets of RFC 5997 section 6.2; the answer's code there is 2, against its own text. */
  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void verifiesAccountingAndStatusServer() {
    String status = "0cb30026925f6b66dd5fed571fcb1db7ad3882605012e8d6eabda910875cd91fdade26367858";
    String answer = "05b300140f6f92145f107e2f504e860a4860669c";
    assertThat(runOver(status + "\n" + answer, "--secret", "xyzzy5461", "-")).isZero();
    assertThat(out.toString())
        .contains("  Message-Authenticator is correct\n")
        .endsWith("  Response Authenticator is correct\n");

    assertThat(runOver(status, "--secret", "xyzzy5462", "-")).isEqualTo(1);
    assertThat(out.toString()).endsWith("  Message-Authenticator is wrong\n");
    assertThat(runOver("0cb30014" + "00".repeat(16), "--secret", "xyzzy5461", "-")).isEqualTo(1);
    assertThat(out.toString()).endsWith("  Message-Authenticator is missing\n");
    assertThat(runOver("04070014" + "00".repeat(16), "--secret", "xyzzy5461", "-")).isEqualTo(1);
    assertThat(out.toString()).endsWith("  Request Authenticator is wrong\n");
    assertThat(runOver("01070014" + "00".repeat(16), "--secret", "xyzzy5461", "-")).isZero();
    assertThat(out.toString()).contains("not verified: only dynamic authorization");
  }

  private int runOver(String lines, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    try {
      return run(arguments);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void saysWhatAnAnswerNeedsToBeVerified() {
    assertThat(run("--secret", "testing123", NAK)).isZero();
    assertThat(out.toString()).contains("not verified: an answer needs --request-authenticator");
  }

  @Test
  void namesOffsetAndReasonOfWhatIsMalformed() {
    assertThat(run("2b07001808d594ddbeddb0c64ea0f619147b2de801090000")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "malformed: User-Name at offset 20: Length 9 is more than the 4 octets that are left\n");
  }

  @Test
  void namesWhatIsNoHexAndWhatIsNoPacket() {
    assertThat(run("2b0z")).isEqualTo(1);
    assertThat(run("2b07")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            """
            malformed: "z" at position 3 is not a hex digit
            malformed: a packet has at least 20 octets, found 2
            """);
  }

  @Test
  void printsJson() throws Exception {
    assertThat(run("--json", "--secret", "testing123", COA + "0000")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("type").asText()).isEqualTo("CoA-Request");
    assertThat(json.get("padding").asInt()).isEqualTo(2);
    assertThat(json.get("verified").asBoolean()).isTrue();
    assertThat(json.at("/attributes/1/attribute").asText()).isEqualTo("User-Name");
    assertThat(json.at("/attributes/1/value").asText()).isEqualTo("alice");
    assertThat(json.at("/attributes/1/hex").asText()).isEqualTo("616c696365");
  }

  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void readsOnePacketALineAndMatchesAnswersToRequests() {
    InputStream before = System.in;
    String lines = "# two packets and a bad one\n\n" + COA + "\n" + NAK + "\n2b\n";
    System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(run("--secret", "testing123", "-")).isEqualTo(1);
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString()).contains("Response Authenticator is correct");
    assertThat(err.toString())
        .isEqualTo("line 5: malformed: a packet has at least 20 octets, found 1\n");
  }
}
