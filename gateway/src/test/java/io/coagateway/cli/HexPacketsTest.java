package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the two decode commands take, and {@code tshark -T fields -e udp.payload} writes. */
class HexPacketsTest {
  private final List<String> seen = new ArrayList<>();

  private int decode(List<String> arguments, String stdin) throws IOException {
    InputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    return HexPackets.decode(
        arguments,
        in,
        (hex, place) -> {
          seen.add(place + hex);
          return hex.equals("bad") ? 1 : 0;
        });
  }

  @Test
  void onePacketALineButEmptyLinesAndComments() throws IOException {
    assertThat(decode(List.of("-"), "# by tcpdump\n0b0a0b0c\n\n  # RENEW\n 0x01:02\r\nbad\n07\n"))
        .isEqualTo(1);
    assertThat(seen)
        .containsExactly("line 2: 0b0a0b0c", "line 5: 01:02", "line 6: bad", "line 7: 07");
  }

  @Test
  void theArgumentsAreOnePacket() throws IOException {
    assertThat(decode(List.of("0x0b0a", "0b0c"), "")).isZero();
    assertThat(seen).containsExactly("0b0a0b0c");
  }
}
