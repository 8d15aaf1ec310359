package io.coagateway.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CaptureReaderTest {
  private static final Ipv6Address LOOPBACK = Ipv6Address.parse("::1");

  private final List<String> skipped = new ArrayList<>();
  private final DatagramReader datagrams =
      new DatagramReader((reason, detail) -> skipped.add(reason.label()));

  static List<Vector> vectors() {
    return VectorFile.folder("capture");
  }

  private static Octets capture(String start) {
    return vectors().stream()
        .filter(vector -> vector.name().startsWith(start))
        .findFirst()
        .orElseThrow()
        .hex("capture");
  }

  private List<CapturedDatagram> read(Octets capture) throws IOException, MalformedException {
    CaptureReader frames = CaptureReader.open(new ByteArrayInputStream(capture.toArray()));
    List<CapturedDatagram> found = new ArrayList<>();
    for (Optional<CapturedFrame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
      datagrams.read(frame.get()).ifPresent(found::add);
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsWhatTsharkReads(Vector vector) throws IOException, MalformedException {
    List<CapturedDatagram> found = read(vector.hex("capture"));

    assertThat(skipped).isEqualTo(vector.all("skipped"));
    if (vector.find("payload").isPresent()) {
      assertThat(found).hasSize(1);
      CapturedDatagram datagram = found.get(0);
      assertThat(datagram.source()).isEqualTo(LOOPBACK);
      assertThat(datagram.destination()).isEqualTo(LOOPBACK);
      assertThat(datagram.sourcePort()).isEqualTo(547);
      assertThat(datagram.destinationPort()).isEqualTo(547);
      assertThat(datagram.seen()).isEqualTo(instant(vector.get("seen")));
      Octets payload = vector.hex("payload");
      assertThat(datagram.payload().slice(0, payload.length())).isEqualTo(payload);
      assertThat(datagram.payload().length())
          .isEqualTo(vector.find("length").map(Integer::valueOf).orElse(payload.length()));
    } else {
      assertThat(found).isEmpty();
    }
  }

  private static Instant instant(String seconds) {
    BigDecimal nanos = new BigDecimal(seconds).movePointRight(9);
    return Instant.ofEpochSecond(0, nanos.longValueExact());
  }

  @Test
  void sectionsOfACaptureThatBreaksOffAreReadUpToThere() throws Exception {
    for (Vector vector : vectors()) {
      Octets whole = vector.hex("capture");
      for (int length = 0; length < whole.length(); length += 1 + length / 64) {
        Octets cut = whole.slice(0, length);
        try {
          read(cut);
        } catch (MalformedException e) {
          assertThat(e).hasMessageContaining(" of the capture)");
        }
      }
    }
  }

  @Test
  void saysWhereACaptureBreaksOff() {
    Octets capture = capture("tcpdump 4.99.3 -i lo");

    assertThatThrownBy(() -> read(capture.slice(0, 100)))
        .isInstanceOf(MalformedException.class)
        .hasMessage("breaks off: frame needs 126 octets, found 60 (at octet 40 of the capture)");
    assertThatThrownBy(() -> read(capture.slice(0, 30)))
        .hasMessage(
            "breaks off: frame header needs 16 octets, found 6 (at octet 24 of the capture)");
    assertThatThrownBy(() -> read(Octets.ofHex("1f8b0800 00000000")))
        .hasMessageStartingWith("no capture: starts with 0x1f8b0800. Give a file of tcpdump -w");
    assertThatThrownBy(() -> read(Octets.EMPTY))
        .hasMessageStartingWith("breaks off: magic number needs 4 octets, found 0");
  }

  @Test
  void anAbsurdLengthIsABrokenFileAndNoMemory() {
    Octets capture = capture("tcpdump 4.99.3 -i lo");
    Octets broken =
        capture.slice(0, 32).plus(Octets.ofHex("ffffff7f")).plus(capture.from(36)); // incl_len

    assertThatThrownBy(() -> read(broken))
        .hasMessageStartingWith("is broken: a frame of 2147483647");

    Octets ng = capture("dumpcap");
    Octets brokenNg = ng.slice(0, 4).plus(Octets.ofHex("ffffff7f")).plus(ng.from(8));
    assertThatThrownBy(() -> read(brokenNg)).hasMessageStartingWith("is broken: a block of");
  }

  @Test
  void noOctetCanBreakTheReaders() throws Exception {
    // Every octet of every capture set to four other values: an error or a datagram, nothing else.
    for (Vector vector : vectors()) {
      byte[] octets = vector.hex("capture").toArray();
      for (int at = 0; at < Math.min(octets.length, 220); at++) {
        byte before = octets[at];
        for (int value : new int[] {0, 0x7f, 0x80, 0xff}) {
          octets[at] = (byte) value;
          try {
            read(Octets.copyOf(octets));
          } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        }
        octets[at] = before;
      }
    }
  }

  @Test
  void fragmentsThatOverlapOrNeverEndAreCounted() throws Exception {
    Octets capture = capture("tcpdump 4.99.3: a datagram in three");
    List<CapturedFrame> frames = new ArrayList<>();
    CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(capture.toArray()));
    for (Optional<CapturedFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
      frames.add(next.get());
    }
    assertThat(datagrams.read(frames.get(2))).isEmpty(); // the last first
    assertThat(datagrams.read(frames.get(0))).isEmpty();
    assertThat(datagrams.read(frames.get(0))).isEmpty(); // a copy
    assertThat(datagrams.read(frames.get(1))).isPresent();
    assertThat(skipped).isEmpty();

    datagrams.read(frames.get(0));
    CapturedFrame later = frames.get(1);
    datagrams.read(
        new CapturedFrame(
            later.linkType(), later.seen().plusSeconds(61), later.data(), later.length()));
    assertThat(skipped).containsExactly("lost-fragment");

    byte[] moved = frames.get(0).data().toArray();
    moved[14 + 40 + 3] = 9; // offset 8 in place of 0
    CapturedFrame overlapping =
        new CapturedFrame(1, later.seen().plusSeconds(61), Octets.wrap(moved), later.length());
    datagrams.read(overlapping);
    assertThat(skipped).containsExactly("lost-fragment", "lost-fragment");
  }

  @Test
  void aWholePacketWithAFragmentHeaderWaitsForNoOther() throws Exception { // RFC 6946
    Octets capture = capture("tcpdump 4.99.3: a datagram in three");
    List<CapturedFrame> frames = new ArrayList<>();
    CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(capture.toArray()));
    for (Optional<CapturedFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
      frames.add(next.get());
    }
    CapturedFrame first = frames.get(0);
    assertThat(datagrams.read(first)).isEmpty();
    byte[] whole = first.data().toArray();
    whole[14 + 40 + 3] &= ~1; // no more fragments
    int udpLength = first.data().length() - 14 - 40 - 8;
    whole[14 + 40 + 8 + 4] = (byte) (udpLength >> 8);
    whole[14 + 40 + 8 + 5] = (byte) udpLength;
    assertThat(
            datagrams.read(new CapturedFrame(1, first.seen(), Octets.wrap(whole), first.length())))
        .isPresent();
    assertThat(datagrams.read(frames.get(1))).isEmpty();
    assertThat(datagrams.read(frames.get(2))).isPresent(); // those that belong together
    assertThat(skipped).isEmpty();
  }

  @Test
  void aFrameOfALiveCaptureIsReadWhenItIsWritten() throws Exception {
    Octets capture = capture("tcpdump 4.99.3 -i any");
    try (PipedOutputStream tcpdump = new PipedOutputStream();
        PipedInputStream stream = new PipedInputStream(tcpdump, 65_536)) {
      tcpdump.write(capture.toArray());
      tcpdump.flush();
      CaptureReader frames = CaptureReader.open(stream);
      assertThat(frames.next()).isPresent(); // though nothing follows and the stream is open
      tcpdump.write(capture.from(24).toArray());
      tcpdump.flush();
      assertThat(frames.next()).isPresent();
    }
  }
}
