package io.coagateway.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks by hand, as draft-ietf-opsawg-pcapng has them, in network byte order unless said. */
class PcapngReaderTest {
  private static final String SECTION =
      "0a0d0d0a 0000001c 1a2b3c4d 00010000 ffffffffffffffff 0000001c";
  private static final String LITTLE_SECTION =
      "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1c000000";
  private static final String DATA = "a1a2a3a4a5";

  private static String block(int type, String body) {
    String packed = body.replace(" ", "");
    String padded = packed + "0".repeat((8 - packed.length() % 8) % 8);
    int length = 12 + padded.length() / 2;
    return "%08x%08x".formatted(type, length) + padded + "%08x".formatted(length);
  }

  /** An interface of Ethernet with these options. */
  private static String described(String options) {
    return block(1, "0001 0000 00040000" + options);
  }

  /** A packet of the first interface. */
  private static String packet(long time) {
    return block(6, "00000000 %016x 00000005 00000009".formatted(time) + DATA);
  }

  private static List<CapturedFrame> read(String... blocks) throws IOException, MalformedException {
    byte[] octets = Octets.ofHex(String.join("", blocks).replace(" ", "")).toArray();
    CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(octets));
    List<CapturedFrame> frames = new ArrayList<>();
    for (Optional<CapturedFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
      frames.add(next.get());
    }
    return frames;
  }

  private static CapturedFrame frame(Instant seen) {
    return new CapturedFrame(1, seen, Octets.ofHex(DATA), 9);
  }

  private static void isBroken(String why, String... blocks) {
    assertThatThrownBy(() -> read(blocks))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("is broken: " + why);
  }

  @Test
  void readsPacketsAndPassesOverOtherBlocks() throws Exception {
    assertThat(read(SECTION, described(""), block(5, "00"), packet(1_500_000), block(99, "")))
        .containsExactly(frame(Instant.ofEpochSecond(1, 500_000_000)));
  }

  @Test
  @DisplayName("a simple packet is of the first interface and tells no time")
  void readsSimplePackets() throws Exception {
    assertThat(
            read(
                SECTION,
                described(""),
                block(3, "00000005" + DATA), // and three octets of padding
                block(3, "00000009" + DATA + "a6a7a8"), // cut
                block(3, "00000000")))
        .containsExactly(
            new CapturedFrame(1, Instant.EPOCH, Octets.ofHex(DATA), 5),
            new CapturedFrame(1, Instant.EPOCH, Octets.ofHex(DATA + "a6a7a8"), 9),
            new CapturedFrame(1, Instant.EPOCH, Octets.EMPTY, 0));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("if_tsresol, if_tsoffset; what follows opt_endofopt or does not fit is none")
  @CsvSource({
    "'', 1.5",
    "0009 0001 09000000, 0.0015", // nanoseconds
    "0009 0001 81000000, 750000", // halves of a second
    "000e 0008 00000000000003e8, 1001.5",
    "000e 0008 fffffffffffffffe 0009 0001 03000000, 1498", // two seconds earlier, milliseconds
    "0002 0003 6c6f0000 0009 0001 09000000, 0.0015",
    "0000 0000 0009 0001 09000000, 1.5",
    "0009 0002 09090000, 1.5", // no such length
    "000e 0004 000003e8, 1.5",
    "0009 0005 09000000, 1.5" // past the end
  })
  void readsTheTimeAsTheInterfaceHasIt(String options, double seconds) throws Exception {
    assertThat(read(SECTION, described(options), packet(1_500_000)))
        .containsExactly(frame(Instant.EPOCH.plusNanos((long) (seconds * 1e9))));
  }

  @Test
  void eachSectionHasItsByteOrderAndItsInterfaces() throws Exception {
    String little =
        "06000000 28000000 00000000 00000000 60e31600 05000000 09000000 a1a2a3a4a5000000 28000000";
    String interfaces = "01000000 14000000 0100 0000 00000400 14000000";
    assertThat(read(SECTION, described(""), packet(1_500_000), LITTLE_SECTION, interfaces, little))
        .hasSize(2)
        .containsOnly(frame(Instant.ofEpochSecond(1, 500_000_000)));
    isBroken(
        "a packet of interface 0, which is not described",
        SECTION,
        described(""),
        LITTLE_SECTION,
        little);
  }

  @Test
  void namesWhatCannotBe() {
    isBroken("a section without byte-order magic", SECTION.replace("1a2b3c4d", "1a2b3c4e"));
    isBroken("a block of 24 octets", SECTION.replace("0000001c 1a", "00000018 1a"));
    isBroken("a block of 8 octets", SECTION, "00000001 00000008");
    isBroken("a block of 14 octets", SECTION, "00000001 0000000e");
    isBroken("a block of 16777220 octets", SECTION, "00000001 01000004");
    isBroken("interface needs 8 octets, its block has 4", SECTION, block(1, "00010000"));
    isBroken("packet needs 20 octets, its block has 16", SECTION, block(6, "00".repeat(16)));
    isBroken("packet needs 4 octets, its block has 0", SECTION, described(""), block(3, ""));
    isBroken(
        "packet needs 25 octets, its block has 24",
        SECTION,
        described(""),
        block(6, "00000000 0000000000000000 00000005 00000005 a1a2a3a4"));
    isBroken("a clock resolution of 19", SECTION, described("0009 0001 13000000"));
    isBroken("a clock resolution of 191", SECTION, described("0009 0001 bf000000"));
    isBroken(
        "a time of 68719476737 s",
        SECTION,
        described("000e 0008 0000001000000000"),
        packet(1_000_000));
    isBroken("a time of -1 s", SECTION, described("000e 0008 fffffffffffffffe"), packet(1_000_000));
  }

  @Test
  void describesAsManyInterfacesAsAnybodyHas() throws Exception {
    String all = described("").repeat(4096);
    assertThat(read(SECTION, all, packet(1_500_000))).hasSize(1);
    isBroken("more than 4096 interfaces", SECTION, all, described(""));
  }
}
