package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.Octets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Good input with octets and characters changed, cut and doubled, always in the same way: nothing
 * but attributes and defects, or an error for a person, may come out.
 */
class MutationTest {
  private static final AttributeDictionary DICTIONARY = TestDictionary.INSTANCE;
  private static final int ROUNDS = 400;

  @Test
  void anyOctetsBecomeAttributesAndDefects() {
    Random random = new Random(5176);
    for (var vector : VectorFile.file("radius/attributes.txt")) {
      Octets good = vector.hex("hex");
      for (int i = 0; i < ROUNDS; i++) {
        Octets octets = Octets.wrap(mutate(good.toArray(), random));
        AttributeList list = AttributeList.parse(octets, DICTIONARY);
        String text = list.all().stream().map(DICTIONARY::print).collect(Collectors.joining("\n"));
        assertThat(text).as(octets.toHex()).isNotNull();
        for (AttributeDefect defect : list.defects()) {
          assertThat(defect.offset()).as(octets.toHex()).isBetween(0, octets.length());
        }
        for (Attribute attribute : list) {
          readsBack(attribute);
        }
        if (list.defects().isEmpty()) {
          encodesBack(list);
        }
      }
    }
  }

  private static void readsBack(Attribute attribute) {
    boolean tagged =
        DICTIONARY
            .definition(attribute.id())
            .filter(d -> d.flags().tagged() || d.type() == DataType.IPV6PREFIX)
            .isPresent();
    DataType type = DICTIONARY.typeOf(attribute.id());
    if (tagged || type == DataType.TLV || type == DataType.IPV4PREFIX) {
      return; // a tag of 0, Reserved octets and needless zero octets are not in the text
    }
    assertThat(DICTIONARY.parse(DICTIONARY.print(attribute))).isEqualTo(attribute);
    assertThat(DICTIONARY.parse(attribute.id(), DICTIONARY.valueText(attribute)))
        .isEqualTo(attribute);
  }

  private static void encodesBack(AttributeList list) {
    Octets octets = list.encode(DICTIONARY);
    AttributeList again = AttributeList.parse(octets, DICTIONARY);
    assertThat(again.all()).isEqualTo(list.all());
  }

  @Test
  void anyTextBecomesAnAttributeOrAnErrorForAPerson() {
    Random random = new Random(2865);
    List<String> texts =
        VectorFile.file("radius/texts.txt").stream()
            .map(v -> v.get("id") + " = " + v.get("text"))
            .toList();
    for (String good : texts) {
      for (int i = 0; i < ROUNDS; i++) {
        String text = mutate(good, random);
        try {
          assertThat(DICTIONARY.parse(text)).isNotNull();
        } catch (IllegalArgumentException e) {
          assertThat(e).as(text).isExactlyInstanceOf(IllegalArgumentException.class);
          assertThat(e.getMessage()).as(text).isNotBlank();
        }
      }
    }
  }

  private static byte[] mutate(byte[] good, Random random) {
    byte[] octets = good.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && octets.length > 0; i++) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
    }
    int length = octets.length + random.nextInt(6) - 3;
    return Arrays.copyOf(octets, Math.max(0, length));
  }

  private static String mutate(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && !text.isEmpty(); i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, "\"'\\{},=:0x9\u00e9 ".charAt(random.nextInt(13)));
        case 1 -> text.deleteCharAt(at);
        default -> text.insert(at, text.charAt(at));
      }
    }
    return text.toString();
  }
}
