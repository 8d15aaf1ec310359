package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DecodeDhcpv6CommandTest {
  private static final String RELEASE_REQUEST =
      "fa0a0b0c 0002000a 0003000102005e0000aa 002d0012 0001000a 0003000102005e005301 00140000";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new DecodeDhcpv6Command())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void printsOneOptionALine() {
    assertThat(run("--release-types", "250,251", RELEASE_REQUEST)).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "RELEASE-REQUEST xid=0x0a0b0c",
            "  SERVERID 0003000102005e0000aa (DUID-LL hw-type=1 02:00:5e:00:00:aa)",
            "  CLIENT_DATA",
            "    CLIENTID 0003000102005e005301 (DUID-LL hw-type=1 02:00:5e:00:53:01)",
            "    RECONF_ACCEPT");
  }

  @Test
  void printsJson() throws IOException {
    assertThat(run("--json", RELEASE_REQUEST)).isZero();
    JsonNode message = new ObjectMapper().readTree(out.toString());
    assertThat(message.path("type").asText()).isEqualTo("250");
    assertThat(message.path("transactionId").asText()).isEqualTo("0a0b0c");
    JsonNode inner = message.path("options").path(1).path("options").path(0);
    assertThat(inner.path("name").asText()).isEqualTo("CLIENTID");
    assertThat(inner.path("hex").asText()).isEqualTo("0003000102005e005301");
  }

  @Test
  void namesOffsetAndReasonOfWhatIsMalformed() {
    assertThat(run("12010203 0050000f 00")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo(
            "malformed: RECONFIGURE-REQUEST > LINK_ADDRESS: option-data needs 15 octets at offset 8,"
                + " found 1");
    assertThat(run("123")).isEqualTo(1);
    assertThat(run("zz")).isEqualTo(1);
    assertThat(err.toString()).contains("\"z\" at position 0 is not a hex digit");
  }

  @Test
  void refusesReleaseTypesThatAreNone() {
    assertThat(run("--release-types", "250", "01000001")).isEqualTo(2);
    assertThat(run("--release-types", "250,256", "01000001")).isEqualTo(2);
    assertThat(err.toString()).contains("--release-types: message type 256 is not 0 to 255");
  }
}
