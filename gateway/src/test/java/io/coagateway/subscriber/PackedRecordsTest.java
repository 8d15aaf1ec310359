package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static io.coagateway.subscriber.TestTables.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Octets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedRecordsTest {
  private final RecordCodec codec = new RecordCodec();
  private final PackedRecords packing = new PackedRecords();

  private static Stored stored(int n) {
    return new Stored(n + 1, subscriber(n).toBuilder().version(n + 7).build());
  }

  /** A record of another access network, with random octets so that nothing is alike by chance. */
  private static Stored foreign(int n, Random random, int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    String suffix = "/vlan-100.200/olt-17.pop-3.carrier.example.org/" + n;
    return new Stored(
        n + 1,
        stored(n).record().toBuilder()
            .session(
                SessionAttributes.of(Attributes.USER_NAME, text("line" + suffix))
                    .plus(Attributes.NAS_PORT_ID, text("port" + suffix)))
            .interfaceId(Octets.wrap(octets))
            .build());
  }

  private byte[] pack(Stored stored) {
    byte[] plain = codec.encode(stored);
    byte[] packed = packing.pack(plain);
    assertThat(packing.unpack(packed)).isEqualTo(plain);
    assertThat(codec.keyOf(packed)).isEqualTo(stored.key());
    assertThat(codec.versionOf(packed)).isEqualTo(stored.record().version());
    assertThat(
            codec.isRecord(
                packing.unpack(packed, RecordCodec.NAME_OCTETS + 90),
                stored.record().nas(),
                Octets.ofUtf8(stored.record().id())))
        .isTrue();
    return packed;
  }

  @Test
  void takesLessThanHalfForRecordsOfOneKind() {
    for (int n = 100_000; n < 100_100; n++) {
      pack(stored(n));
    }
    byte[] plain = codec.encode(stored(734_291));
    assertThat(pack(stored(734_291)).length).isLessThan(plain.length / 2);
    assertThat(packing.dictionaries()).isEqualTo(1);
  }

  @Test
  void changesOptionsAndVersionAlone() {
    for (int n = 0; n < 100; n++) {
      byte[] packed = pack(stored(n));
      for (String text : List.of("one", "value " + n, "", "x".repeat(5000))) {
        long version = (long) n << text.length() % 50;
        packed = packing.withOptions(packed, options(text), version);
        assertThat(codec.versionOf(packed)).isEqualTo(version);
        assertThat(codec.decode(packing.unpack(packed)))
            .isEqualTo(new Stored(n + 1, stored(n).record().withOptions(options(text), version)));
      }
    }
  }

  /** Options that have no room in any coded string must not be lost, nor stop the others. */
  @Test
  void takesLongOptionsForAPackedRecord() {
    for (int n = 0; n < 100; n++) {
      pack(stored(n));
    }
    byte[] packed = pack(stored(5));
    for (int length : new int[] {32_700, 32_764, 32_765, 60_000}) {
      byte[] octets = new byte[length];
      new Random(length).nextBytes(octets);
      OptionList options = OptionList.of(new RawOption(new OptionCode(1000), Octets.wrap(octets)));
      byte[] changed = packing.withOptions(packed, options, 9);
      assertThat(codec.decode(packing.unpack(changed)).record().options()).isEqualTo(options);
    }
  }

  /** A code would name the place of the first only modulo 65,536. */
  @Test
  void keepsLongOptionsThatAreAlikeFarBehindTheirBeginning() {
    for (int n = 0; n < 100; n++) {
      pack(stored(n));
    }
    byte[] packed = pack(stored(100));
    byte[] octets = new byte[65_000];
    new Random(1).nextBytes(octets);
    System.arraycopy(octets, 63_000, octets, 64_000, 1000);
    OptionList next = OptionList.of(new RawOption(new OptionCode(1000), Octets.wrap(octets)));
    byte[] changed = packing.withOptions(packed, next, 4711);
    assertThat(codec.decode(packing.unpack(changed)).record().options()).isEqualTo(next);
  }

  @Test
  void learnsAnotherKindThatComesLater() {
    Random random = new Random(3);
    for (int n = 0; n < 1000; n++) {
      pack(stored(n));
    }
    int first = pack(foreign(1, random, 20)).length;
    for (int n = 0; n < 30_000; n++) {
      packing.pack(codec.encode(foreign(n, random, 20)));
    }
    assertThat(pack(foreign(1, random, 20)).length).isLessThan(first * 4 / 5);
    assertThat(packing.dictionaries()).isBetween(2, 3);
    pack(stored(5));
  }

  @Test
  void keepsTheDictionaryOfARecordThatIsWrittenAgain() {
    Random random = new Random(4);
    for (int n = 0; n < 100; n++) {
      pack(stored(n));
    }
    byte[] old = pack(stored(50));
    for (int n = 0; n < 30_000; n++) {
      packing.pack(codec.encode(foreign(n, random, 20)));
    }
    assertThat(packing.repack(packing.unpack(old), old)).isEqualTo(old);
  }

  @Test
  void makesNoDictionariesOfNoise() {
    Random random = new Random(4);
    for (int n = 0; n < 20_000; n++) {
      byte[] noise = new byte[30];
      random.nextBytes(noise);
      noise[0] = 1; // the three numbers of the head
      noise[1] = 1;
      noise[2] = 1;
      RecordCodec.putOptionsAt(noise, 10);
      byte[] packed = packing.pack(noise);
      if (n % 100 == 0) {
        assertThat(packing.unpack(packed)).isEqualTo(noise);
        assertThat(packed.length).isLessThan(noise.length + 3); // the lengths
      }
    }
    assertThat(packing.dictionaries()).isZero();
  }

  @Test
  void keepsARecordThatIsTooLongForACodeAsItIs() {
    for (int n = 0; n < 100; n++) {
      pack(stored(n));
    }
    Random random = new Random(5);
    for (int length : new int[] {1000, 20_000, 32_500, 32_768, 40_000, 65_000}) {
      Stored large = foreign(1, random, length);
      assertThat(HexFormat.of().formatHex(packing.unpack(pack(large))))
          .isEqualTo(HexFormat.of().formatHex(codec.encode(large)));
    }
    pack(stored(5));
  }
}
