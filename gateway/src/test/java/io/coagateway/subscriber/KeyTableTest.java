package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  private static final long TAG = 0xffff;
  private static final long SEGMENT = 0xfffL << 52;

  private final KeyTable table = new KeyTable(128);

  private Set<Integer> slots(long hash) {
    Set<Integer> found = new HashSet<>();
    for (int slot : table.slots(hash)) {
      assertThat(found.add(slot)).as("slot %d once", slot).isTrue();
    }
    return found;
  }

  @Test
  void cannotTellHashesApartThatAgreeInSegmentAndTag() {
    long hash = 0x123_4567_89ab_cdefL << 4;
    long same = hash ^ 0x0000_1111_1111_0000L;
    table.add(hash, 1);
    table.add(same, 2);
    table.add(hash ^ 1, 3); // another tag
    table.add(hash ^ 1L << 63, 4); // another segment
    assertThat(slots(hash)).containsExactlyInAnyOrder(1, 2);
    assertThat(slots(same)).containsExactlyInAnyOrder(1, 2);
    table.remove(hash, 1);
    assertThat(slots(hash)).containsExactly(2);
    assertThat(slots(hash ^ 1)).containsExactly(3);
    assertThat(slots(hash ^ 1L << 63)).containsExactly(4);
  }

  /** Hashes of few places at both ends of a segment, so that runs are long and wrap around. */
  @Test
  void answersAsAPlainMapWouldWhenHashesCollide() {
    Random random = new Random(20261122);
    Map<Long, Set<Integer>> plain = new HashMap<>();
    int entries = 0;
    for (int step = 0; step < 60_000; step++) {
      long tag = random.nextBoolean() ? random.nextInt(12) : TAG - random.nextInt(12);
      long hash = (((random.nextInt(3) * 0x7ffL) << 52) & SEGMENT) | tag;
      Set<Integer> there = plain.computeIfAbsent(hash, h -> new HashSet<>());
      int slot = random.nextInt(60);
      if (there.contains(slot)) {
        there.remove(slot);
        table.remove(hash, slot);
        entries--;
      } else {
        there.add(slot);
        table.add(hash, slot);
        entries++;
      }
      long asked = random.nextInt(8) == 0 ? hash ^ 0x8000 : hash;
      assertThat(slots(asked)).as("step %d", step).isEqualTo(plain.getOrDefault(asked, Set.of()));
    }
    assertThat(table.size()).isEqualTo(entries);
  }

  @Test
  void holdsManyEntriesWithFewFalseOnes() {
    Random random = new Random(7);
    long[] hashes = random.longs(300_000).toArray();
    for (int i = 0; i < hashes.length; i++) {
      table.add(hashes[i], i);
    }
    int falseOnes = 0;
    for (int i = 0; i < hashes.length; i++) {
      int slot = i;
      assertThat(Arrays.stream(table.slots(hashes[i])).anyMatch(s -> s == slot)).isTrue();
      falseOnes += table.slots(random.nextLong()).length;
    }
    assertThat(falseOnes).isLessThan(1500); // 28 bits: 300,000 * 300,000 / 2^28 = 335
    for (int i = 0; i < hashes.length; i++) {
      table.remove(hashes[i], i);
    }
    assertThat(table.size()).isZero();
  }

  @Test
  void keepsNoSlotsOfACommonKey() {
    for (int slot = 0; slot < 1000; slot++) {
      table.add(77, slot);
    }
    assertThat(table.slots(77)).isNull();
    assertThat(slots(78)).isEmpty();
    assertThat(table.size()).isZero();
  }

  @Test
  void neverTellsTooFewSlotsWhileAKeyBecomesCommon() throws Exception {
    AtomicLong asked = new AtomicLong(-1);
    AtomicLong wrong = new AtomicLong(-1);
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              for (long hash = asked.get(); hash != -2; hash = asked.get()) {
                int[] slots = hash == -1 ? null : table.slots(hash);
                if (slots != null && slots.length < 128) {
                  wrong.set(hash);
                }
              }
            },
            work -> new Thread(work, "reader").start());
    for (long hash = 0; hash < 5_000; hash++) {
      for (int slot = 0; slot < 128; slot++) {
        table.add(hash << 40 | hash, slot);
      }
      asked.set(hash << 40 | hash);
      table.add(hash << 40 | hash, 128);
    }
    asked.set(-2);
    reader.get(20, TimeUnit.SECONDS);
    assertThat(wrong.get()).isEqualTo(-1);
  }

  @Test
  void letsOthersReadWhileOneWrites() throws Exception {
    long[] hashes = new Random(8).longs(64).map(hash -> hash & (SEGMENT | TAG)).toArray();
    for (int i = 0; i < hashes.length; i += 2) {
      table.add(hashes[i], i); // these stay
    }
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread reader =
        new Thread(
            () -> {
              for (int round = 0; round < 4000; round++) {
                for (int i = 0; i < hashes.length; i += 2) {
                  assertThat(table.slots(hashes[i])).contains(i);
                }
              }
            });
    reader.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    reader.start();
    while (reader.isAlive()) {
      for (int i = 1; i < hashes.length; i += 2) {
        for (int same = 0; same < 20; same++) {
          table.add(hashes[i], i + same);
        }
        for (int same = 0; same < 20; same++) {
          table.remove(hashes[i], i + same);
        }
      }
    }
    reader.join();
    assertThat(failure.get()).isNull();
  }
}
