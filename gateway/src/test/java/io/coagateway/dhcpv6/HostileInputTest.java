package io.coagateway.dhcpv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes in: a message, written back octet for octet, or a MalformedException. */
class HostileInputTest {
  private static final int ROUNDS = 200_000;

  @Test
  void mutatedMessagesAreReadAndWrittenBackOrRefused() {
    List<byte[]> seeds = new ArrayList<>();
    VectorFile.folder("dhcpv6").stream()
        .filter(v -> v.find("message").isPresent())
        .forEach(v -> seeds.add(v.hex("message").toArray()));
    VectorFile.folder("dhcpv6").stream()
        .filter(v -> v.find("options").isPresent())
        .forEach(v -> seeds.add(Octets.ofHex("12010203").plus(v.hex("options")).toArray()));
    Random random = new Random(8415);
    int accepted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Octets input = mutate(seeds.get(random.nextInt(seeds.size())).clone(), random);
      try {
        Message message = Message.parse(input);
        accepted++;
        assertThat(message.encode()).isEqualTo(input);
        assertThat(message.encodedLength()).isEqualTo(input.length());
        if (round % 16 == 0) {
          assertThat(message.toText()).isNotEmpty();
          assertThat(message.toLine()).doesNotContain("\n");
        }
      } catch (MalformedException e) {
        assertThat(e.getMessage()).isNotEmpty();
        assertThat(e.offset()).isBetween(0, input.length());
      }
    }
    assertThat(accepted).isBetween(ROUNDS / 20, ROUNDS);
  }

  private static Octets mutate(byte[] octets, Random random) {
    byte[] result = octets;
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (result.length == 0) {
        break;
      }
      int at = random.nextInt(result.length);
      switch (random.nextInt(5)) {
        case 0 -> result[at] = (byte) random.nextInt(256);
        case 1 -> result[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> result = java.util.Arrays.copyOf(result, at);
        case 3 -> result = java.util.Arrays.copyOf(result, result.length + 1 + random.nextInt(8));
        default -> result[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
      }
    }
    return Octets.wrap(result);
  }

  @Test
  void everyCutOfAMessageIsReadOrRefused() {
    VectorFile.folder("dhcpv6").stream()
        .filter(v -> v.find("message").isPresent())
        .map(v -> v.hex("message"))
        .forEach(
            whole -> {
              for (int length = 0; length < whole.length(); length++) {
                Octets cut = whole.slice(0, length);
                try {
                  assertThat(Message.parse(cut).encode()).isEqualTo(cut);
                } catch (MalformedException e) {
                  assertThat(e.offset()).isBetween(0, length);
                }
              }
            });
  }

  @Test
  void thirtyTwoRelaysAreReadAndOneMoreIsRefused() throws MalformedException {
    assertThat(Message.parse(relayed(32)).encode()).isEqualTo(relayed(32));
    assertThatThrownBy(() -> Message.parse(relayed(33)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("messages nested deeper than 33");
    assertThat(Message.parseOutermost(relayed(33)).encode()).isEqualTo(relayed(33));
  }

  private static Octets relayed(int relays) {
    Octets inner = Octets.ofHex("01000001");
    for (int i = 0; i < relays; i++) {
      inner =
          new OctetWriter()
              .u8(12)
              .u8(i)
              .zeros(32)
              .u16(9)
              .u16(inner.length())
              .octets(inner)
              .toOctets();
    }
    return inner;
  }

  @Test
  void optionsInOptionsAreBounded() throws MalformedException {
    assertThat(OptionList.parse(boxes(12)).encode()).isEqualTo(boxes(12));
    assertThatThrownBy(() -> OptionList.parse(boxes(16_000)))
        .isInstanceOf(MalformedException.class)
        .hasMessageEndingWith("options nested deeper than 12 at offset 52");
  }

  private static Octets boxes(int depth) {
    OctetWriter writer = new OctetWriter(4 * depth + 16);
    for (int i = depth; i > 0; i--) {
      writer.u16(45).u16(4 * i);
    }
    return writer.u16(20).u16(0).toOctets();
  }

  @Test
  void anOptionThatIsTooLongIsNotWritten() {
    Option large = new InterfaceIdOption(Octets.wrap(new byte[65_535]));
    assertThat(OptionList.of(large).encode().length()).isEqualTo(65_539);
    Option over = new RsooOption(OptionList.of(large));
    assertThatThrownBy(() -> OptionList.of(over).encode())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("RSOO has 65539 octets; an option holds at most 65535");
  }
}
