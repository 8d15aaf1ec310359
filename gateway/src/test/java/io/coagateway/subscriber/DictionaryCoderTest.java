package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DictionaryCoderTest {
  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The coded octets, after the way back has been tried for the whole and for a beginning. */
  private static byte[] code(DictionaryCoder coder, byte[] plain, int beginning) {
    byte[] in = new byte[plain.length + 5];
    System.arraycopy(plain, 0, in, 2, plain.length);
    byte[] out = new byte[DictionaryCoder.room(plain.length) + 7];
    int end = coder.encode(in, 2, 2 + plain.length, out, 7);
    byte[] back = new byte[plain.length + 4];
    assertThat(coder.decode(out, 7, back, 3, 3 + plain.length)).isEqualTo(end);
    assertThat(Arrays.copyOfRange(back, 3, 3 + plain.length)).isEqualTo(plain);
    byte[] first = new byte[beginning];
    coder.decode(out, 7, first, 0, beginning);
    assertThat(first).isEqualTo(Arrays.copyOf(plain, beginning));
    return Arrays.copyOfRange(out, 7, end);
  }

  @Test
  void namesWhatStandsInTheDictionary() {
    DictionaryCoder coder = new DictionaryCoder(octets("user000001@example.net 1/1/000001"));
    byte[] coded = code(coder, octets("user734291@example.net 1/1/734291"), 12);
    // the sample, five digits, the sample again, which ends as the user does; the user's digits
    assertThat(coded).hasSize(1 + 1 + 5 + 1 + 3);
  }

  @Test
  void repeatsItself() {
    byte[] coded = code(new DictionaryCoder(new byte[0]), new byte[1000], 999);
    assertThat(coded).hasSizeLessThan(60);
  }

  @Test
  void takesNoMoreRoomThanItSays() {
    Random random = new Random(1);
    DictionaryCoder coder = new DictionaryCoder(new byte[0]);
    for (int length : new int[] {0, 1, 2, 3, 4, 63, 64, 65, 128, 129, 5000}) {
      byte[] plain = new byte[length];
      random.nextBytes(plain);
      assertThat(code(coder, plain, length / 2))
          .hasSizeLessThanOrEqualTo(DictionaryCoder.room(length));
    }
  }

  /** Strings between noise and repetition; the seed is fixed so that a failure repeats. */
  @Test
  void decodesWhateverItCoded() {
    Random random = new Random(20261122);
    for (int round = 0; round < 40; round++) {
      int letters = 1 + random.nextInt(round % 2 == 0 ? 3 : 40);
      byte[] dictionary = random(random, random.nextInt(3000), letters);
      DictionaryCoder coder = new DictionaryCoder(dictionary);
      for (int i = 0; i < 250; i++) {
        byte[] plain = random(random, random.nextInt(i % 50 == 0 ? 3000 : 300), letters);
        if (dictionary.length > 0) {
          int from = random.nextInt(dictionary.length);
          int count = Math.min(dictionary.length - from, random.nextInt(plain.length + 1));
          System.arraycopy(
              dictionary, from, plain, random.nextInt(plain.length - count + 1), count);
        }
        code(coder, plain, random.nextInt(plain.length + 1));
      }
    }
  }

  private static byte[] random(Random random, int length, int letters) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) random.nextInt(letters);
    }
    return octets;
  }

  /** Places have sixteen bits: the last ones of the longest string on the longest dictionary. */
  @Test
  void reachesTheEndsOfBothBounds() {
    Random random = new Random(2);
    byte[] dictionary = random(random, DictionaryCoder.MAX_DICTIONARY, 200);
    byte[] plain = random(random, DictionaryCoder.MAX_LENGTH, 200);
    int part = 60;
    System.arraycopy(dictionary, dictionary.length - part, plain, 1000, part);
    System.arraycopy(plain, plain.length - 200, plain, plain.length - 100, part);
    byte[] coded = code(new DictionaryCoder(dictionary), plain, plain.length - 1);
    assertThat(coded.length).isLessThan(DictionaryCoder.room(plain.length) - 2 * part + 8);
    assertThatThrownBy(() -> new DictionaryCoder(new byte[DictionaryCoder.MAX_DICTIONARY + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A stamp tells the strings apart, and comes back after 65536 of them. */
  @Test
  void takesNothingFromAnEarlierString() {
    DictionaryCoder coder = new DictionaryCoder(new byte[0]);
    byte[] repeated = octets("abcdefgh-abcdefgh");
    byte[] out = new byte[64];
    int length = coder.encode(repeated, 0, repeated.length, out, 0);
    for (int i = 0; i < 140_000; i++) {
      byte[] other = octets(i % 3 == 0 ? "abcdefgh" : "zzabcdefg");
      coder.encode(other, 0, other.length, new byte[32], 0);
      if (i % 1000 == 0 || i % 65_536 < 4) {
        assertThat(code(coder, repeated, 3)).hasSize(length);
        assertThat(code(coder, other, 3)).hasSizeGreaterThan(other.length);
      }
    }
  }
}
