package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5176 sections 2.3 and 6.3, RFC 5080 section 2.2.2, in memory of fixed size. */
class ReplayMemoryTest {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final long SECOND = 1_000_000_000L;
  private static final long WALL = 0x68000000L;

  private final ReplayMemory memory = new ReplayMemory(256, WINDOW, 1);
  private final int client = memory.clientNumber("dac-1");
  private final Map<Long, Integer> entries = new HashMap<>();

  private int add(long id, long timestamp, long second) {
    int entry = memory.add(id, ~id, 7, client, timestamp, second * SECOND, WALL + second);
    entries.put(id, entry);
    return entry;
  }

  private int find(long id, long second) {
    return memory.find(id, ~id, second * SECOND, WALL + second);
  }

  private void answer(long id) {
    answer(id, text(id));
  }

  private void answer(long id, byte[] text) {
    memory.answered(entries.get(id), text);
  }

  private static byte[] text(long id) {
    return ("answer to " + id).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void staysWithinItsSizeAndForgetsTheOldestFirst() {
    for (long i = 0; i < 10_000; i++) {
      assertThat(add(i, ReplayMemory.NO_TIMESTAMP, 0)).isNotEqualTo(ReplayMemory.NONE);
      answer(i);
    }
    assertThat(memory.size()).isEqualTo(256);
    assertThat(find(10_000 - 257, 0)).isEqualTo(ReplayMemory.NONE);
    for (long i = 10_000 - 256; i < 10_000; i++) {
      int slot = find(i, 0);
      assertThat(memory.state(slot)).isEqualTo(ReplayMemory.State.ANSWERED);
      assertThat(memory.answer(slot)).isEqualTo(text(i));
    }
  }

  /** Otherwise a memory that a burst has filled would seem full until the next one. */
  @Test
  void forgetsWhatIsPastItsTimeWhileNothingComes() {
    for (long i = 0; i < 256; i++) {
      add(i, ReplayMemory.NO_TIMESTAMP, i / 128);
      answer(i);
    }
    memory.expire(300 * SECOND, WALL + 300);
    assertThat(memory.size()).isEqualTo(256);
    memory.expire(301 * SECOND, WALL + 301);
    assertThat(memory.size()).isEqualTo(128);
    assertThat(find(127, 301)).isEqualTo(ReplayMemory.NONE);
    assertThat(memory.answer(find(128, 301))).isEqualTo(text(128));
    memory.expire(302 * SECOND, WALL + 302);
    assertThat(memory.size()).isZero();
  }

  @Test
  void neverGivesUpAnExchangeInProgress() {
    for (long i = 0; i < 100; i++) {
      add(i, ReplayMemory.NO_TIMESTAMP, 0);
    }
    for (long i = 1000; i < 50_000; i++) {
      add(i, ReplayMemory.NO_TIMESTAMP, 1);
      answer(i);
    }
    assertThat(memory.inProgress()).isEqualTo(100);
    for (long i = 0; i < 100; i++) {
      assertThat(memory.state(find(i, 1000))).isEqualTo(ReplayMemory.State.IN_PROGRESS);
      answer(i);
      assertThat(memory.answer(find(i, 1))).isEqualTo(text(i));
    }
    assertThat(memory.inProgress()).isZero();
  }

  @Test
  void takesNoMoreThanHalfOfItsSizeInProgress() {
    for (long i = 0; i < 129; i++) {
      assertThat(add(i, ReplayMemory.NO_TIMESTAMP, 0)).isNotEqualTo(ReplayMemory.NONE);
    }
    assertThat(add(129, ReplayMemory.NO_TIMESTAMP, 0)).isEqualTo(ReplayMemory.NONE);
    answer(0);
    assertThat(add(129, ReplayMemory.NO_TIMESTAMP, 0)).isNotEqualTo(ReplayMemory.NONE);
  }

  @Test
  void sayHowFarBackItReachesAndRefusesWhatIsOlder() {
    assertThat(memory.reach(0)).isEqualTo(WINDOW);
    for (int second = 0; second < 300; second++) { // one per second: the first 44 must go
      add(second, WALL + second, second);
      answer(second);
    }
    assertThat(memory.reach(300 * SECOND)).isEqualTo(Duration.ofSeconds(300 - 43));
    assertThat(memory.reachesBackTo(client, WALL + 43)).isFalse();
    assertThat(memory.reachesBackTo(client, WALL + 44)).isTrue();
    assertThat(memory.reachesBackTo(client, ReplayMemory.NO_TIMESTAMP)).isTrue();
    assertThat(memory.reachesBackTo(memory.clientNumber("dac-2"), WALL)).isTrue();
  }

  @Test
  void remembersThatItAnsweredWhenTheAnswerItselfIsGone() {
    add(1, WALL, 0);
    answer(1, new byte[4096]);
    assertThat(memory.answer(find(1, 0))).hasSize(4096);
    for (long i = 2; i < 6; i++) {
      add(i, WALL, 0);
      answer(i, new byte[4096]);
    }
    assertThat(memory.state(find(1, 0))).isEqualTo(ReplayMemory.State.ANSWER_GONE);
    assertThat(memory.state(find(5, 0))).isEqualTo(ReplayMemory.State.ANSWERED);
  }

  @Test
  void clearsAwayWhatIsPastItsTime() {
    for (long i = 0; i < 100; i++) {
      add(i, ReplayMemory.NO_TIMESTAMP, 0);
      answer(i);
    }
    for (long i = 100; i < 200; i++) {
      add(i, ReplayMemory.NO_TIMESTAMP, 301);
      answer(i);
    }
    assertThat(memory.size()).isEqualTo(100);
    assertThat(memory.reach(301 * SECOND)).isEqualTo(WINDOW);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void behavesLikeAPlainMapWhileNothingMustGo(long seed) {
    Random random = new Random(seed);
    ReplayMemory small = new ReplayMemory(300, WINDOW, seed);
    int number = small.clientNumber("dac-1");
    Map<Long, Long> model = new LinkedHashMap<>(); // id to expiry, answered ones
    List<Long> working = new ArrayList<>();
    long second = 0;
    long next = 0;
    for (int step = 0; step < 20_000; step++) {
      second += random.nextInt(8) == 0 ? random.nextInt(30) : 0;
      long now = second;
      model.values().removeIf(expiry -> now > expiry);
      int choice = random.nextInt(3);
      if (choice == 0 && model.size() + working.size() < 150) {
        long id = next++ * 0x10000_0000L; // the same low bits: they must be mixed
        long at = second * SECOND;
        entries.put(id, small.add(id, 0, id, number, ReplayMemory.NO_TIMESTAMP, at, WALL + second));
        working.add(id);
        model.put(id, second + 300);
      } else if (choice == 1 && !working.isEmpty()) {
        long id = working.remove(random.nextInt(working.size()));
        small.answered(entries.get(id), text(id));
      } else if (next > 0) {
        long id = random.nextInt((int) next) * 0x10000_0000L;
        int slot = small.find(id, 0, second * SECOND, WALL + second);
        if (working.contains(id)) {
          assertThat(small.state(slot)).isEqualTo(ReplayMemory.State.IN_PROGRESS);
        } else if (model.containsKey(id)) {
          assertThat(small.answer(slot)).isEqualTo(text(id));
          assertThat(small.cameFrom(slot, id)).isTrue();
          assertThat(small.cameFrom(slot, id + 1)).isFalse();
        } else {
          assertThat(slot).isEqualTo(ReplayMemory.NONE);
        }
      }
    }
    assertThat(small.reach(second * SECOND)).isEqualTo(WINDOW);
  }

  @Test
  void aSnapshotCarriesAnswersIntoTheNextProcess() throws MalformedException {
    for (int i = 0; i < 300; i++) {
      add(i, WALL + 10, 10);
      answer(i);
    }
    add(1000, WALL + 10, 10); // in progress: left to be repeated
    Octets snapshot = memory.snapshot(20 * SECOND, WALL + 20);

    ReplayMemory next = new ReplayMemory(256, WINDOW, 2);
    next.clientNumber("somebody else"); // so the numbers differ
    long start = 9_000 * SECOND;
    next.restore(snapshot, start, WALL + 25);
    assertThat(next.size()).isEqualTo(255);
    assertThat(next.inProgress()).isZero();
    int slot = next.find(299, ~299L, start, WALL + 25);
    assertThat(next.answer(slot)).isEqualTo(text(299));
    assertThat(next.cameFrom(slot, 7)).isTrue();
    assertThat(next.find(1000, ~1000L, start, WALL + 25)).isEqualTo(ReplayMemory.NONE);
    assertThat(next.reach(start)).isEqualTo(Duration.ofSeconds(15));
    assertThat(next.reachesBackTo(next.clientNumber("dac-1"), WALL + 10)).isFalse();
    // Received at 10, so past its time at 311: 286 seconds after the start at 25.
    assertThat(next.find(299, ~299L, start + 285 * SECOND, WALL + 310))
        .isNotEqualTo(ReplayMemory.NONE);
    assertThat(next.find(299, ~299L, start + 286 * SECOND, WALL + 311))
        .isEqualTo(ReplayMemory.NONE);
  }

  /** RFC 5176 section 6.3: what was executed 200 s ago was forgotten under a window of 60 s. */
  @Test
  void aLargerWindowOpensNoWayForReplays() {
    memory.setWindow(Duration.ofSeconds(60), 0, WALL);
    add(1, WALL, 0);
    answer(1);
    add(2, WALL + 100, 100); // the first is past its time
    answer(2);
    memory.setWindow(WINDOW, 200 * SECOND, WALL + 200);
    assertThat(find(1, 200)).isEqualTo(ReplayMemory.NONE);
    assertThat(memory.reachesBackTo(client, WALL)).isFalse();
    assertThat(memory.reachesBackTo(client, WALL + 140)).isFalse();
    assertThat(memory.reachesBackTo(client, WALL + 141)).isTrue();
    assertThat(memory.reachesBackTo(memory.clientNumber("dac-2"), WALL)).as("new here").isTrue();
    assertThat(memory.reach(200 * SECOND)).isEqualTo(Duration.ofSeconds(60));
    assertThat(memory.reach(300 * SECOND)).isEqualTo(Duration.ofSeconds(160));
    assertThat(memory.reach(1000 * SECOND)).isEqualTo(WINDOW);
  }

  @Test
  void aLargerWindowAfterARestartOpensNoneEither() throws MalformedException {
    memory.setWindow(Duration.ofSeconds(60), 0, WALL);
    add(1, WALL + 95, 95);
    answer(1);
    Octets snapshot = memory.snapshot(100 * SECOND, WALL + 100);

    ReplayMemory next = new ReplayMemory(256, WINDOW, 2);
    next.restore(snapshot, 9_000 * SECOND, WALL + 110);
    int number = next.clientNumber("dac-1");
    assertThat(next.reachesBackTo(number, WALL + 40)).isFalse();
    assertThat(next.reachesBackTo(number, WALL + 41)).isTrue();
    assertThat(next.reach(9_000 * SECOND)).isEqualTo(Duration.ofSeconds(70));

    ReplayMemory shorter = new ReplayMemory(256, Duration.ofSeconds(30), 2);
    shorter.restore(snapshot, 9_000 * SECOND, WALL + 110);
    assertThat(shorter.reachesBackTo(shorter.clientNumber("dac-1"), WALL)).isTrue();
    assertThat(shorter.reach(9_000 * SECOND)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aClientThatIsRenamedForARestartIsTheSame() throws MalformedException {
    int other = memory.clientNumber("dac-2");
    for (int second = 0; second < 300; second++) { // the first 44 must go
      add(second, WALL + second, second);
      answer(second);
    }
    Octets snapshot = memory.snapshot(300 * SECOND, WALL + 300);
    assertThat(memory.reachesBackTo(other, WALL)).isTrue();

    ReplayMemory next = new ReplayMemory(256, WINDOW, 2);
    int renamed = next.clientNumber("renamed");
    int asBefore = next.clientNumber("dac-2");
    next.restore(snapshot, 9_000 * SECOND, WALL + 310);
    assertThat(next.reachesBackTo(renamed, WALL + 43)).isFalse();
    assertThat(next.reachesBackTo(renamed, WALL + 44)).isTrue();
    assertThat(next.reachesBackTo(asBefore, WALL)).isTrue();
  }

  /** As coa-gateway wrote it before the window was in it. */
  @Test
  void aSnapshotWithoutItsWindowIsReadToo() throws MalformedException {
    add(1, WALL, 0);
    answer(1);
    String now = memory.snapshot(SECOND, WALL + 1).toHex();
    String window = "%08x".formatted(WINDOW.toSeconds());
    assertThat(now.substring(18, 26)).isEqualTo(window);
    ReplayMemory next = new ReplayMemory(256, WINDOW, 2);
    next.restore(Octets.ofHex("01" + now.substring(2, 18) + now.substring(26)), 0, WALL + 2);
    assertThat(next.answer(next.find(1, ~1L, 0, WALL + 2))).isEqualTo(text(1));
    assertThat(next.reach(0)).isEqualTo(WINDOW);
  }

  @Test
  void aSnapshotThatIsNoneIsRefused() {
    Octets snapshot = memory.snapshot(0, WALL);
    for (int cut = 0; cut < snapshot.length(); cut++) {
      Octets part = snapshot.slice(0, cut);
      assertThatThrownBy(() -> new ReplayMemory(256, WINDOW, 1).restore(part, 0, WALL))
          .isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> memory.restore(Octets.ofHex("63"), 0, WALL))
        .hasMessageContaining("snapshot version 99 is not 2");
  }
}
