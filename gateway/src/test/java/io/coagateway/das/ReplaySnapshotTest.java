package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The octets that a process leaves to the next, which may be another release of coa-gateway. */
class ReplaySnapshotTest {
  private static final String REST =
      "000000104c533c00" // the newest forgotten entry is 70 s old
          + "00000002"
          + "0005 6461632d31 0000000068000001" // dac-1
          + "0003 c3a978 ffffffffffffffff" // two octets for one letter; nothing forgotten
          + "00000002"
          + "0102030405060708 1112131415161718 2122232425262728 000000012a05f200 68000002 0001"
          + "0003 616263"
          + "8102030405060708 9112131415161718 a122232425262728 0000000000000000 00000000 0000"
          + "0000";

  private static final String VERSION_2 = "02 0000000068000010 0000012c" + REST;
  private static final String VERSION_1 = "01 0000000068000010" + REST;

  private static final ReplaySnapshot.Header HEADER =
      new ReplaySnapshot.Header(
          0x68000010L,
          300,
          70_000_000_000L,
          List.of(
              new ReplaySnapshot.Client("dac-1", 0x68000001L),
              new ReplaySnapshot.Client("\u00e9x", ReplayMemory.NO_TIMESTAMP)));

  private static final List<ReplaySnapshot.Entry> ENTRIES =
      List.of(
          new ReplaySnapshot.Entry(
              0x0102030405060708L,
              0x1112131415161718L,
              0x2122232425262728L,
              5_000_000_000L,
              0x68000002L,
              1,
              Octets.ofUtf8("abc")),
          new ReplaySnapshot.Entry(
              0x8102030405060708L,
              0x9112131415161718L,
              0xa122232425262728L,
              0,
              0,
              0,
              Octets.EMPTY));

  private static Octets hex(String text) {
    return Octets.ofHex(text.replace(" ", ""));
  }

  private static List<ReplaySnapshot.Entry> entries(ReplaySnapshot.Reader in)
      throws MalformedException {
    List<ReplaySnapshot.Entry> entries = new ArrayList<>();
    for (Optional<ReplaySnapshot.Entry> next = in.next(); next.isPresent(); next = in.next()) {
      entries.add(next.get());
    }
    return entries;
  }

  private static void readAll(Octets snapshot) throws MalformedException {
    entries(new ReplaySnapshot.Reader(snapshot, 60));
  }

  @Test
  void writesTheseOctets() {
    ReplaySnapshot.Writer out = new ReplaySnapshot.Writer(HEADER, ENTRIES.size());
    ENTRIES.forEach(out::entry);
    assertThat(out.toOctets()).isEqualTo(hex(VERSION_2));
  }

  @Test
  void readsTheseOctets() throws MalformedException {
    ReplaySnapshot.Reader in = new ReplaySnapshot.Reader(hex(VERSION_2), 60);
    assertThat(in.header()).isEqualTo(HEADER);
    assertThat(entries(in)).isEqualTo(ENTRIES);
  }

  @Test
  void takesItsReadersWindowWhereItHasNone() throws MalformedException {
    ReplaySnapshot.Reader in = new ReplaySnapshot.Reader(hex(VERSION_1), 60);
    assertThat(in.header().windowSeconds()).isEqualTo(60);
    assertThat(in.header().wallSeconds()).isEqualTo(HEADER.wallSeconds());
    assertThat(in.header().clients()).isEqualTo(HEADER.clients());
    assertThat(entries(in)).isEqualTo(ENTRIES);
  }

  @Test
  void refusesEachBeginningOfOneAndWhatFollowsIt() {
    Octets whole = hex(VERSION_2);
    for (int cut = 0; cut < whole.length(); cut++) {
      Octets part = whole.slice(0, cut);
      assertThatThrownBy(() -> readAll(part)).isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> readAll(whole.plus(hex("0000"))))
        .isInstanceOf(MalformedException.class)
        .hasMessage("snapshot ends at offset 140, but 2 octets follow");
  }

  @Test
  void refusesAnotherVersion() {
    assertThatThrownBy(() -> readAll(hex("03" + VERSION_2.substring(2))))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("snapshot version 3 is not 2");
  }

  @Test
  void refusesAClientThatItDoesNotName() {
    assertThatThrownBy(() -> readAll(hex(VERSION_2.replace("68000002 0001", "68000002 0002"))))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("client 2 is not below 2");
  }

  @Test
  void refusesAnAnswerLongerThanAPacket() {
    assertThatThrownBy(() -> readAll(hex(VERSION_2.replace("0003 616263", "1001 616263"))))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("answer of 4097 octets");
  }

  /** Counts are taken from the file, and nothing is made room for before it is there. */
  @Test
  void refusesCountsThatItDoesNotHold() {
    assertThatThrownBy(() -> readAll(hex("02 0000000068000010 0000012c ffffffffffffffff ffffffff")))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("name length needs 2 octets");
    assertThatThrownBy(
            () -> readAll(hex("02 0000000068000010 0000012c ffffffffffffffff 00000000 ffffffff")))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("authenticator needs 4 octets");
  }
}
