package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Exit codes and words of interface.md section 1. */
class LearnCommandTest {
  private static final Octets RELAY = Ipv6Address.parse("2001:db8::1").toOctets();

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(Object command, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--database=jdbc:sqlite:" + directory.resolve("t.db"));
    all.add("--nas=nas1");
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private int learn(String... arguments) {
    return execute(new LearnCommand(), arguments);
  }

  /**
   * The relayed messages that were captured of dhclient, dhcrelay and Kea, as a file of tcpdump.
   */
  private static Octets capture(Instant at, int messages) {
    OctetWriter file = new OctetWriter(4096);
    file.u32(0xa1b2c3d4L).u16(2).u16(4).u32(0).u32(0).u32(262_144).u32(229);
    List<Vector> relayed =
        VectorFile.file("captured/dhclient-kea.txt").stream()
            .filter(vector -> vector.name().contains("RELAY-"))
            .toList();
    for (Vector vector : relayed.subList(0, messages)) {
      Octets payload = vector.hex("message");
      int length = payload.length();
      file.u32(at.getEpochSecond()).u32(0).u32(48L + length).u32(48L + length);
      file.u32(0x6000_0000L).u16(8 + length).u8(17).u8(64).octets(RELAY).octets(RELAY);
      file.u16(547).u16(547).u16(8 + length).u16(0).octets(payload);
    }
    return file.toOctets();
  }

  private Path write(Octets capture) throws IOException {
    return Files.write(directory.resolve("c.pcap"), capture.toArray());
  }

  @Test
  void fillsTheTableAndSaysWhatItDid() throws Exception {
    Path file = write(capture(Instant.now(), 4));
    assertThat(learn("--pcap", file.toString())).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            4 frames, 4 messages between relay and server
            records: 1 learned, 0 updated, 0 removed
            skipped: 1 other-message, the first: ADVERTISE in RELAY-REPL
            """);
    assertThat(execute(new TableCommand(), "export")).isZero();
    assertThat(out.toString()).contains("\"duid\":\"0003000102005e100007\"", "\"validUntil\":[");

    assertThat(learn("--pcap", file.toString())).isZero(); // once more
    assertThat(out.toString()).contains("records: 0 learned, 0 updated, 0 removed");

    assertThat(learn("--pcap", write(capture(Instant.now(), 8)).toString())).isZero();
    assertThat(out.toString()).contains("1 removed");
  }

  @Test
  void leasesThatAreOverAreNotLearnedUnlessWanted() throws Exception {
    Path file = write(capture(Instant.parse("2026-01-01T00:00:00Z"), 4));
    assertThat(learn("--pcap", file.toString())).isZero();
    assertThat(out.toString()).contains("records: 0 learned", "skipped: 2 over, the first:");

    assertThat(learn("--pcap", file.toString(), "--keep-expired")).isZero();
    assertThat(out.toString()).contains("records: 1 learned");
  }

  @Test
  void aRelayReplFromNoServerIsNotBelieved() throws Exception {
    Path file = write(capture(Instant.now(), 4));
    assertThat(learn("--pcap", file.toString(), "--server", "2001:db8::547")).isZero();
    assertThat(out.toString())
        .contains("skipped: 2 unknown-server, the first: RELAY-REPL from 2001:db8::1");
  }

  @Test
  void whatWasReadOfATruncatedFileIsKept() throws Exception {
    Octets whole = capture(Instant.now(), 5);
    Path file = write(whole.slice(0, whole.length() - 7));
    assertThat(learn("--pcap", file.toString())).isEqualTo(2);
    assertThat(out.toString()).contains("records: 1 learned");
    assertThat(err.toString()).contains("c.pcap breaks off: frame needs ");

    assertThat(learn("--pcap", write(Octets.ofUtf8("GIF89a!!")).toString())).isEqualTo(2);
    assertThat(err.toString()).contains("no capture: starts with 0x47494638");
    assertThat(learn("--pcap", directory.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("cannot be read. Give a file of tcpdump -w");
  }

  @Test
  void readsStdin() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(capture(Instant.now(), 4).toArray()));
    try {
      assertThat(learn("--pcap", "-", "--verbose")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(err.toString()).contains("learned 0003000102005e100007@2001:db8:0:7::1");
  }
}
