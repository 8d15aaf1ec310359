package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The newest answers are there whole, and the ring says which these are. */
class AnswerRingTest {
  private static byte[] answer(int length, int with) {
    byte[] answer = new byte[length];
    Arrays.fill(answer, (byte) with);
    return answer;
  }

  @Test
  void givesBackWhatWasPut() {
    AnswerRing ring = new AnswerRing(100);
    long one = ring.put(answer(20, 1));
    long none = ring.put(new byte[0]);
    long two = ring.put(answer(30, 2));
    assertThat(ring.get(one)).isEqualTo(answer(20, 1));
    assertThat(ring.get(none)).isEmpty();
    assertThat(ring.get(two)).isEqualTo(answer(30, 2));
  }

  @Test
  void hasALengthOfTwoOctets() {
    AnswerRing ring = new AnswerRing(8192);
    long place = ring.put(answer(4096, 7));
    assertThat(ring.get(place)).isEqualTo(answer(4096, 7));
  }

  /** 22 octets each with the length: four fill 88 of 100, and the fifth goes over the edge. */
  @Test
  void newOnesOverwriteTheOldest() {
    AnswerRing ring = new AnswerRing(100);
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      places.add(ring.put(answer(20, i)));
    }
    assertThat(places).extracting(ring::holds).containsExactly(false, true, true, true, true);
    assertThat(ring.get(places.get(1))).isEqualTo(answer(20, 1));
    assertThat(ring.get(places.get(4))).as("in two pieces").isEqualTo(answer(20, 4));
  }

  @Test
  void holdsAnAnswerThatFillsIt() {
    AnswerRing ring = new AnswerRing(100);
    long before = ring.put(answer(20, 1));
    long place = ring.put(answer(98, 2));
    assertThat(ring.holds(before)).isFalse();
    assertThat(ring.holds(place)).isTrue();
    assertThat(ring.get(place)).isEqualTo(answer(98, 2));
    ring.put(new byte[0]);
    assertThat(ring.holds(place)).isFalse();
  }

  @Test
  void holdsNothingNowhere() {
    AnswerRing ring = new AnswerRing(100);
    assertThat(ring.holds(AnswerRing.NOWHERE)).isFalse();
    ring.put(answer(20, 1));
    assertThat(ring.holds(AnswerRing.NOWHERE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void behavesLikeAListOfTheNewest(long seed) {
    Random random = new Random(seed);
    int size = 101; // no multiple of anything
    AnswerRing ring = new AnswerRing(size);
    List<byte[]> all = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    for (int step = 0; step < 2000; step++) {
      byte[] answer = new byte[random.nextInt(60)];
      random.nextBytes(answer);
      all.add(answer);
      places.add(ring.put(answer));
      int room = size;
      for (int i = all.size() - 1; i >= 0 && i > all.size() - 60; i--) {
        room -= 2 + all.get(i).length;
        assertThat(ring.holds(places.get(i))).isEqualTo(room >= 0);
        if (room >= 0) {
          assertThat(ring.get(places.get(i))).isEqualTo(all.get(i));
        }
      }
    }
  }
}
