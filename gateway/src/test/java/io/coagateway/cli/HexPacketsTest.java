package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the two decode commands take, and {@code tshark -T fields -e udp.payload} writes. */
class HexPacketsTest {
  private final List<String> seen = new ArrayList<>();
  private final StringWriter err = new StringWriter();

  private int decode(List<String> arguments, String stdin) {
    return decode(arguments, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
  }

  private int decode(List<String> arguments, InputStream stdin) {
    return HexPackets.decode(
        arguments,
        stdin,
        new PrintWriter(err, true),
        (hex, place) -> {
          seen.add(place + hex);
          return hex.equals("bad") ? 1 : 0;
        });
  }

  @Test
  void onePacketALineButEmptyLinesAndComments() {
    assertThat(decode(List.of("-"), "# by tcpdump\n0b0a0b0c\n\n  # RENEW\n 0x01:02\r\nbad\n07\n"))
        .isEqualTo(1);
    assertThat(seen)
        .containsExactly("line 2: 0b0a0b0c", "line 5: 01:02", "line 6: bad", "line 7: 07");
  }

  @Test
  void theArgumentsAreOnePacket() {
    assertThat(decode(List.of("0x0b0a", "0b0c"), "")).isZero();
    assertThat(seen).containsExactly("0b0a0b0c");
  }

  /** As a directory, which the shell gives with {@code < /tmp}. */
  @Test
  void whatCannotBeReadIsOneLine() throws IOException {
    InputStream closed = InputStream.nullInputStream();
    closed.close();
    assertThat(decode(List.of("-"), closed)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("stdin cannot be read: Stream closed. Give packets in hex, one a line\n");
  }
}
